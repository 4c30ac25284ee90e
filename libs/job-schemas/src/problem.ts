import * as z from 'zod';

/** Every error that the API can answer with: code to HTTP status and title (RFC 9457). */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'Malformed request' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  'insufficient-scope': { status: 403, title: 'Insufficient scope' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  'not-acceptable': { status: 406, title: 'Not acceptable' },
  'job-not-terminal': { status: 409, title: 'Job not terminal' },
  'webhook-endpoint-limit-reached': { status: 409, title: 'Webhook endpoint limit reached' },
  'webhook-endpoint-disabled': { status: 409, title: 'Webhook endpoint disabled' },
  'webhook-endpoint-changed': { status: 409, title: 'Webhook endpoint changed' },
  'count-changed': { status: 409, title: 'Count changed' },
  'output-expired': { status: 410, title: 'Output expired' },
  'payload-too-large': { status: 413, title: 'Payload too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'validation-failed': { status: 422, title: 'Invalid request' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  'model-not-available': { status: 422, title: 'Model not available' },
  'rate-limited': { status: 429, title: 'Rate limited' },
  'queue-full': { status: 429, title: 'Queue full' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Unavailable' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

const RETRYABLE: ReadonlySet<ProblemCode> = new Set(['rate-limited', 'queue-full', 'internal', 'unavailable']);
const TYPE_BASE = 'https://afterimage.dev/problems/';

export const fieldErrorSchema = z.object({
  /** JSON pointer into the body (`#/input/width`), or the name of a header or query parameter. */
  pointer: z.string(),
  code: z.string(),
  detail: z.string(),
  /** The limit that was broken, where there is one. */
  limit: z.union([z.number(), z.string(), z.array(z.string())]).optional(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** A problem document, `application/problem+json`. */
export const problemSchema = z.looseObject({
  type: z.string().startsWith(TYPE_BASE),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  retryable: z.boolean(),
  errors: z.array(fieldErrorSchema).optional(),
  jobId: z.string().optional(),
  batchId: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** What the thrower of a problem knows of it. */
export interface ProblemDetails {
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly jobId?: string;
  readonly batchId?: string;
}

/** @param where the path of the request and its request id */
export function toProblem(
  code: ProblemCode,
  details: ProblemDetails,
  where: { readonly instance: string; readonly requestId: string },
): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `${TYPE_BASE}${code}`,
    title,
    status,
    code,
    detail: details.detail,
    instance: where.instance,
    requestId: where.requestId,
    retryable: RETRYABLE.has(code),
    ...(details.errors === undefined ? {} : { errors: [...details.errors] }),
    ...(details.jobId === undefined ? {} : { jobId: details.jobId }),
    ...(details.batchId === undefined ? {} : { batchId: details.batchId }),
  };
}
