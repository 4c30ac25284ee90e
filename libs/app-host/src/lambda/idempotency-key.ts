import { idempotencyKeySchema } from '@afterimage/job-schemas';
import * as z from 'zod';
import { parseParameters } from '../http/parse-body.ts';
import type { ApiRequest } from './api-request.ts';

const headersSchema = z.object({ 'Idempotency-Key': idempotencyKeySchema.optional() });

/** The bare key of the `Idempotency-Key` header. @throws ProblemError that names what is wrong with it */
export function idempotencyKeyOf(request: Pick<ApiRequest, 'header'>): string | undefined {
  const given = { 'Idempotency-Key': request.header('idempotency-key') };
  return parseParameters(headersSchema, given, 'header')['Idempotency-Key'];
}
