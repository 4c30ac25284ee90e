import { API_ROUTES } from '@afterimage/app-config';
import { describeOperation } from './describe-operation.ts';
import type { JsonObject } from './json.ts';
import { TAGS } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { HEADERS, PARAMETERS } from './parameters.ts';
import { ProblemResponses } from './problem-responses.ts';
import { schemaComponents } from './schemas.ts';
import { describeWebhooks, WEBHOOK_PARAMETERS } from './webhooks.ts';

const INFO = {
  title: 'Afterimage',
  version: '1.0.0',
  summary: 'Stable Diffusion images as asynchronous jobs.',
  description:
    'Create a job, then poll it, wait for it, or be called back. Within `/v1` changes only add: a client ignores fields and ' +
    'values of an answer that it does not know, and keeps asking about a job whose status it does not know. A field of a ' +
    'request that the API does not know is an error.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'ai_<keyId>_<secret>', description: 'An API key.' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key in a header of its own.' },
};

function describePaths(problemResponses: ProblemResponses): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of API_ROUTES) {
    // TypeScript makes of the two fields every pair of them; the table has those that there are.
    const operation = OPERATIONS[`${route.method} ${route.path}` as keyof typeof OPERATIONS];
    (paths[route.path] ??= {})[route.method.toLowerCase()] = describeOperation(route, operation, problemResponses);
  }
  return paths;
}

/** Only components that are used: a name that nothing points to would be a promise without a place. */
function usedOf(kind: string, components: JsonObject, document: string): JsonObject {
  const isUsed = (name: string) => document.includes(`"#/components/${kind}/${name}"`);
  return Object.fromEntries(Object.entries(components).filter(([name]) => isUsed(name)));
}

/**
 * The OpenAPI 3.1 document of the API. Its server is the one that it was read from; who serves it puts in the address.
 * @throws Error when a schema or a parameter of a path is not described
 */
export function describeApi(): JsonObject {
  const problemResponses = new ProblemResponses();
  const paths = describePaths(problemResponses);
  const webhooks = describeWebhooks();
  const responses = problemResponses.components();
  const schemas = schemaComponents();
  const text = JSON.stringify([paths, webhooks, responses, schemas]);
  return {
    openapi: '3.1.1',
    info: INFO,
    servers: [{ url: '/', description: 'The deployment that this document comes from' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: usedOf('parameters', { ...PARAMETERS, ...WEBHOOK_PARAMETERS }, text),
      headers: usedOf('headers', HEADERS, text),
      responses,
      schemas: usedOf('schemas', schemas, text),
    },
  };
}
