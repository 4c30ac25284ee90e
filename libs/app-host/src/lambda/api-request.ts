import * as z from 'zod';
import { ProblemError } from '@afterimage/job-core';
import { LIMITS, type QuotaOverrides, quotaOverridesSchema } from '@afterimage/job-schemas';
import { readTraceparent, traceparentOf } from '@afterimage/telemetry';

/** The slice of API Gateway's proxy event (payload 1.0) that we read; what AWS adds to it is not the caller's fault. */
export const apiEventSchema = z.object({
  httpMethod: z.string(),
  resource: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string().optional()).nullable(),
  pathParameters: z.record(z.string(), z.string().optional()).nullable(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string()).optional()).nullable(),
  body: z.string().nullable(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    requestId: z.string(),
    authorizer: z
      .object({ tenantId: z.string(), keyId: z.string(), scopes: z.string(), quotas: z.string().optional() })
      .nullish(),
  }),
});
export type ApiEvent = z.infer<typeof apiEventSchema>;

/** Who calls; it comes from the key alone. */
export interface Principal {
  readonly tenantId: string;
  readonly keyId: string;
  readonly scopes: readonly string[];
  /** Of the tenant, in place of the defaults. */
  readonly quotas?: QuotaOverrides;
}

export interface JsonOptions {
  /** Of the whole body; the API's usual limit unless given. */
  readonly maxBytes?: number;
  /** Reads the body as JSON whatever the client calls it. */
  readonly anyMediaType?: boolean;
}

export interface ApiRequest {
  readonly path: string;
  /** The trace that what comes of the request belongs to: the client's own, else the one that X-Ray began for it. */
  readonly traceparent: string | null;
  readonly requestId: string;
  readonly principal: Principal | undefined;
  /** @throws ProblemError when the route is public and nobody has signed in */
  tenantId(): string;
  /** Case-insensitive. */
  header(name: string): string | undefined;
  /** A path parameter of the route, decoded. */
  param(name: string): string;
  /** Each query parameter once. @throws ProblemError when one is given twice */
  query(): Readonly<Record<string, string>>;
  /** @throws ProblemError when the body is not JSON, too large, or of another media type */
  json(options?: JsonOptions): unknown;
  /** As `json`; undefined when there is no body. */
  optionalJson(): unknown;
}

function bodyOf(event: ApiEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function checkMediaType(contentType: string | undefined): void {
  const mediaType = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/json') return;
  const got = mediaType === '' ? 'none' : `"${mediaType}"`;
  throw new ProblemError('unsupported-media-type', { detail: `Content-Type must be application/json, got ${got}` });
}

function parseJson(
  event: ApiEvent,
  contentType: string | undefined,
  { maxBytes = LIMITS.bodyBytes, anyMediaType = false }: JsonOptions = {},
): unknown {
  if (!anyMediaType) checkMediaType(contentType);
  const body = bodyOf(event);
  if (body.byteLength > maxBytes) {
    const detail = `the body must be at most ${maxBytes} bytes, got ${body.byteLength}`;
    throw new ProblemError('payload-too-large', { detail });
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ProblemError('malformed-request', { detail: 'the body is not JSON' }, { cause });
  }
}

/**
 * The latest place in the trace of the request. A client's own trace is another than the one of API Gateway, unless it
 * sends both headers.
 */
function traceOf(header: ApiRequest['header'], current: string | null): string | null {
  const asked = traceparentOf(header('traceparent'), header('x-amzn-trace-id'));
  if (current === null || asked === null) return asked;
  return readTraceparent(asked)?.traceId === readTraceparent(current)?.traceId ? current : asked;
}

/**
 * Reads one proxy event.
 * @param current where in its trace the code that runs now is
 */
export function toApiRequest(event: ApiEvent, current: string | null = null): ApiRequest {
  const headers = new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const authorizer = event.requestContext.authorizer ?? undefined;
  const principal = authorizer && {
    tenantId: authorizer.tenantId,
    keyId: authorizer.keyId,
    scopes: authorizer.scopes.split(' '),
    ...(authorizer.quotas === undefined ? {} : { quotas: quotaOverridesSchema.parse(JSON.parse(authorizer.quotas)) }),
  };
  const header = (name: string) => headers.get(name.toLowerCase());
  return {
    path: event.path,
    traceparent: traceOf(header, current),
    requestId: event.requestContext.requestId,
    principal,
    tenantId() {
      if (principal === undefined) throw new ProblemError('unauthenticated', { detail: 'an API key is needed' });
      return principal.tenantId;
    },
    header,
    param: (name) => event.pathParameters?.[name] ?? '',
    query() {
      const entries = Object.entries(event.multiValueQueryStringParameters ?? {});
      return Object.fromEntries(
        entries.map(([name, values = []]) => {
          const [value = '', ...more] = values;
          if (more.length > 0) {
            const error = { pointer: name, code: 'repeated', detail: 'must be given once', limit: 1 };
            throw new ProblemError('validation-failed', { detail: '1 query parameter is invalid', errors: [error] });
          }
          return [name, value];
        }),
      );
    },
    json: (options) => parseJson(event, headers.get('content-type'), options),
    optionalJson: () => ((event.body ?? '') === '' ? undefined : parseJson(event, headers.get('content-type'))),
  };
}
