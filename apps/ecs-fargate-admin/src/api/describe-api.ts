import {
  ADMIN_BASE,
  ADMIN_OPERATIONS,
  ADMIN_ROUTES,
  type AdminRoute,
  type AdminRouteKey,
} from '@afterimage/admin-schemas';
import { type ProblemCode, PROBLEMS, problemSchema } from '@afterimage/job-schemas';
import * as z from 'zod';
import type { AdminHandler } from './admin-request.ts';

type JsonObject = Record<string, unknown>;

const OF_ALL: readonly ProblemCode[] = ['unauthenticated', 'insufficient-scope', 'internal', 'unavailable'];
const OF_INPUT: readonly ProblemCode[] = ['validation-failed'];
const OF_BODIES: readonly ProblemCode[] = ['malformed-request', 'payload-too-large', 'unsupported-media-type'];

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // A schema that transforms what it read has no form of its own afterwards; `$schema` is that of the whole document.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): JsonObject[] {
  const parameters = Object.entries<z.ZodType>(query?.shape ?? {});
  return parameters.map(([name, schema]) => ({ name, in: 'query', schema: jsonSchema(schema, 'input') }));
}

/** One response for each status, that names the codes which come with it. */
function problemResponses(codes: readonly ProblemCode[]): JsonObject {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, each]) => [
      String(status),
      {
        description: each.map((code) => `${PROBLEMS[code].title} (\`${code}\`)`).join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function operation({ method, path, role, action }: AdminRoute, key: AdminRouteKey): JsonObject {
  const { summary, query, body, answer, status = 200, problems = [] } = ADMIN_OPERATIONS[key];
  const isAct = action !== null;
  const codes = [
    ...OF_ALL,
    ...(query !== undefined || isAct ? OF_INPUT : []),
    ...(isAct ? OF_BODIES : []),
    ...problems,
  ];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z]+([A-Za-z])/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    description: isAct
      ? `Needs the role ${role}. In the audit log as \`${action}\`, with its reason.`
      : `Needs the role ${role}.`,
    tags: [path.split('/')[1]],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } } }),
    responses: {
      [status]: { description: summary, content: { 'application/json': { schema: jsonSchema(answer, 'output') } } },
      ...problemResponses(codes),
    },
  };
}

/** The admin API as an OpenAPI 3.1 document, from the table of routes and the schemas that the server itself reads with. */
export function describeApi(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of ADMIN_ROUTES) {
    const key = `${route.method} ${route.path}` as AdminRouteKey;
    const path = `${ADMIN_BASE}${route.path.replace(/:([A-Za-z]+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, key) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Afterimage admin API',
      version,
      description:
        'What the console of the operators is made of. Operators are signed in by the load balancer; in the local stack by nobody.',
    },
    paths,
    components: { schemas: { Problem: jsonSchema(problemSchema, 'output') } },
  };
}

/** `GET /openapi.json`. */
export function makeGetDescription(version: string): AdminHandler {
  const body = describeApi(version);
  return async function getDescription() {
    return { body };
  };
}
