import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import type { FunctionStream } from '../lambda/function-stream.ts';
import type { Reply } from './problem-reply.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const headSchema = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
});

/** Lambda proxy output of a REST API; any other member makes it malformed. */
const proxyResultSchema = headSchema.extend({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Reads a function's result as API Gateway does. A header that is in both maps is sent with its many values.
 * @throws Error when the result is malformed
 */
export function readProxyResult(result: unknown): Reply {
  const { body, isBase64Encoded, ...head } = proxyResultSchema.parse(result);
  const merged = mergedHeaders(head);
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > 0 && !merged.has('content-type')) merged.set('content-type', 'application/json');
  return { status: head.statusCode, headers: Object.fromEntries(merged), body: bytes };
}

function mergedHeaders({ headers, multiValueHeaders }: z.infer<typeof headSchema>): Map<string, string | string[]> {
  const merged = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(headers ?? {})) merged.set(name.toLowerCase(), value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) merged.set(name.toLowerCase(), values);
  // Its length and the connection are the gateway's own business.
  for (const name of ['content-length', 'transfer-encoding', 'connection']) merged.delete(name);
  for (const [name, value] of merged) {
    validateHeaderName(name);
    for (const each of [value].flat()) validateHeaderValue(name, each);
  }
  return merged;
}

/** Reads what comes before the body of a streamed response. @throws Error when it is malformed */
export function readStreamHead({ prelude, body }: FunctionStream): Reply {
  const head = headSchema.safeParse(prelude);
  if (head.success) {
    return { status: head.data.statusCode, headers: Object.fromEntries(mergedHeaders(head.data)), body };
  }
  body.destroy();
  throw head.error;
}
