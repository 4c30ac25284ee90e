import type { ApiRoute } from '@afterimage/app-config';
import type { ProblemCode } from '@afterimage/job-schemas';
import type { JsonObject } from './json.ts';
import type { Operation, Success } from './operation.ts';
import { headerRefs, pathParameters, RATE_HEADERS } from './parameters.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { schemaRef } from './schemas.ts';

const OF_EVERY_ROUTE: readonly ProblemCode[] = ['internal', 'unavailable'];
const OF_ROUTES_WITH_KEY: readonly ProblemCode[] = ['unauthenticated', 'insufficient-scope', 'rate-limited'];
const OF_PATHS_WITH_PARAMETERS: readonly ProblemCode[] = ['malformed-request'];

function named(examples: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(examples).map(([name, value]) => [name.replaceAll(' ', '-'), { value }]));
}

function describeContent({ json, content }: Success): JsonObject {
  const asJson = json && { schema: schemaRef(json.schema, 'output'), examples: named(json.examples) };
  const { type = '', ...asType } = content ?? {};
  if (asJson === undefined && content === undefined) return {};
  return {
    content: {
      ...(asJson === undefined ? {} : { 'application/json': asJson }),
      ...(content === undefined ? {} : { [type]: asType }),
    },
  };
}

function describeSuccess(success: Success, { scope }: ApiRoute): JsonObject {
  const rates = scope === null ? [] : RATE_HEADERS;
  const headers = headerRefs([...(success.headers ?? []), ...rates, 'XRequestId']);
  return { description: success.description, headers, ...describeContent(success) };
}

function describeRequest({ request }: Operation): JsonObject {
  if (request === undefined) return {};
  const schema = schemaRef(request.schema, 'input');
  const content = { 'application/json': { schema, examples: named(request.examples) } };
  return { requestBody: { required: request.isOptional !== true, content } };
}

function problemsOf({ path, scope }: ApiRoute, { problems }: Operation): ProblemCode[] {
  return [
    ...problems,
    ...OF_EVERY_ROUTE,
    ...(scope === null ? [] : OF_ROUTES_WITH_KEY),
    ...(path.includes('{') ? OF_PATHS_WITH_PARAMETERS : []),
  ];
}

/** The Operation Object of a route. */
export function describeOperation(
  route: ApiRoute,
  operation: Operation,
  problemResponses: ProblemResponses,
): JsonObject {
  const { operationId, tag, summary, description, parameters = [], responses } = operation;
  const refs = [...pathParameters(route.path), ...parameters].map((name) => ({
    $ref: `#/components/parameters/${name}`,
  }));
  const successes = Object.entries(responses).map(([status, success]) => [status, describeSuccess(success, route)]);
  return {
    operationId,
    tags: [tag],
    summary,
    description: route.scope === null ? description : `${description}\n\nThe key needs the scope \`${route.scope}\`.`,
    security: route.scope === null ? [] : [{ bearer: [route.scope] }, { apiKey: [route.scope] }],
    ...(refs.length === 0 ? {} : { parameters: refs }),
    ...describeRequest(operation),
    responses: { ...Object.fromEntries(successes), ...problemResponses.of(problemsOf(route, operation)) },
  };
}
