import { type ProblemCode, PROBLEMS, problemSchema, toProblem } from '@afterimage/job-schemas';
import { EXAMPLE_JOB_ID } from './examples.ts';
import type { JsonObject } from './json.ts';
import { headerRefs, type HeaderName, RATE_HEADERS } from './parameters.ts';
import { schemaRef } from './schemas.ts';

const DETAILS: Readonly<Record<ProblemCode, string>> = {
  'malformed-request': 'the body is not JSON',
  unauthenticated: 'the API key is missing or not valid',
  'insufficient-scope': 'the key needs the scope jobs:write',
  'not-found': `there is no job ${EXAMPLE_JOB_ID}`,
  'method-not-allowed': '/v1/jobs takes OPTIONS, GET, POST',
  'not-acceptable': 'the answer can be application/json or text/event-stream',
  'job-not-terminal': 'the job is running',
  'webhook-endpoint-limit-reached': 'a tenant may have 20 webhook endpoints, delete one first',
  'webhook-endpoint-disabled': 'the webhook endpoint is disabled (failing), enable it first',
  'webhook-endpoint-changed': 'the endpoint was changed meanwhile, try again',
  'count-changed': 'there are 12 messages by now, 10 were confirmed: look again',
  'output-expired': 'the files of the job expired at 2026-01-08T12:00:00.000Z',
  'payload-too-large': 'the body must be at most 65536 bytes, got 70000',
  'unsupported-media-type': 'Content-Type must be application/json, got "text/plain"',
  'validation-failed': '1 field is invalid',
  'idempotency-key-reused': 'the idempotency key was used before, with another body',
  'model-not-available': 'no pool serves the model "sdxl"',
  'rate-limited': 'at most 600 requests a minute',
  'queue-full': 'at most 1000 jobs may wait',
  internal: 'an unexpected error occurred',
  unavailable: 'the service cannot answer now, try again',
};

const FIELD_ERRORS: Readonly<Partial<Record<ProblemCode, JsonObject>>> = {
  'validation-failed': {
    pointer: '#/input/width',
    code: 'multiple_of',
    detail: 'must be a multiple of 8, got 100',
    limit: 8,
  },
  'model-not-available': {
    pointer: '#/model',
    code: 'unknown_model',
    detail: 'must be one of sketch-1',
    limit: ['sketch-1'],
  },
};

function example(code: ProblemCode): JsonObject {
  const where = { instance: '/v1/jobs', requestId: '0f2d6d1c-6a0e-4c38-9a6e-3f1c1a0b7d11' };
  const { status, ...problem } = toProblem(code, { detail: DETAILS[code] }, where);
  const fieldError = FIELD_ERRORS[code];
  return {
    ...problem,
    status,
    ...(fieldError === undefined ? {} : { errors: [fieldError] }),
    ...(code === 'idempotency-key-reused' ? { jobId: EXAMPLE_JOB_ID } : {}),
  };
}

const STATUS_HEADERS: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWWAuthenticate'],
  429: ['RetryAfter'],
  503: ['RetryAfter'],
};

function problemResponse(status: number, codes: readonly ProblemCode[]): JsonObject {
  return {
    description: codes.map((code) => `${PROBLEMS[code].title} (\`${code}\`)`).join('; '),
    headers: headerRefs([...(STATUS_HEADERS[status] ?? []), ...(status === 401 ? [] : RATE_HEADERS), 'XRequestId']),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [schemaRef(problemSchema, 'output')],
          properties: { status: { const: status }, code: { enum: codes } },
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
      },
    },
  };
}

/** `components.responses`, filled as operations ask for the answers of their problems. */
export class ProblemResponses {
  readonly #components = new Map<string, JsonObject>();

  /** The responses of an operation that can answer with these problems, by status. */
  of(codes: readonly ProblemCode[]): JsonObject {
    const byStatus = Map.groupBy(Object.keys(PROBLEMS) as ProblemCode[], (code) => PROBLEMS[code].status);
    const entries = [...byStatus].flatMap(([status, all]) => {
      const own = all.filter((code) => codes.includes(code));
      if (own.length === 0) return [];
      const name = own.join('.');
      if (!this.#components.has(name)) this.#components.set(name, problemResponse(status, own));
      return [[String(status), { $ref: `#/components/responses/${name}` }] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Those that were asked for. */
  components(): JsonObject {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
