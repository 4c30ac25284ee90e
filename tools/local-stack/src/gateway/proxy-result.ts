import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import type { Reply } from './problem-reply.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Lambda proxy output of a REST API; any other member makes it malformed. */
const proxyResultSchema = z.strictObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Reads a function's result as API Gateway does. A header that is in both maps is sent with its many values.
 * @throws Error when the result is malformed
 */
export function readProxyResult(result: unknown): Reply {
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = proxyResultSchema.parse(result);
  const merged = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(headers ?? {})) merged.set(name.toLowerCase(), value);
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) merged.set(name.toLowerCase(), values);
  // Its length and the connection are the gateway's own business.
  for (const name of ['content-length', 'transfer-encoding', 'connection']) merged.delete(name);
  for (const [name, value] of merged) {
    validateHeaderName(name);
    for (const each of [value].flat()) validateHeaderValue(name, each);
  }
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > 0 && !merged.has('content-type')) merged.set('content-type', 'application/json');
  return { status: statusCode, headers: Object.fromEntries(merged), body: bytes };
}
