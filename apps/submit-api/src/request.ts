import * as z from 'zod';
import { type ApiRequest, parseBody, parseParameters } from '@afterimage/app-host/lambda';
import { createJobSchema, idempotencyKeySchema } from '@afterimage/job-schemas';
import { traceparentOf } from '@afterimage/telemetry';
import type { SubmitCommand } from './submit-job.ts';

const headersSchema = z.object({ 'Idempotency-Key': idempotencyKeySchema.optional() });
const noParameters = z.strictObject({});

/** Reads `POST /v1/jobs`. @throws ProblemError that names what is wrong */
export function toSubmitCommand(request: ApiRequest): SubmitCommand {
  const tenantId = request.tenantId();
  parseParameters(noParameters, request.query(), 'query parameter');
  const headers = parseParameters(headersSchema, { 'Idempotency-Key': request.header('idempotency-key') }, 'header');
  const body = request.json();
  return {
    tenantId,
    path: request.path,
    body,
    request: parseBody(createJobSchema, body),
    idempotencyKey: headers['Idempotency-Key'],
    traceparent: traceparentOf(request.header('traceparent'), request.header('x-amzn-trace-id')),
  };
}
