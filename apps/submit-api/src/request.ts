import * as z from 'zod';
import { type ApiRequest, idempotencyKeyOf, parseBody, parseParameters } from '@afterimage/app-host/lambda';
import type { RetryCommand, SubmitCommand } from '@afterimage/job-commands';
import {
  batchEnvelopeSchema,
  createJobQuerySchema,
  createJobSchema,
  LIMITS,
  retryJobSchema,
} from '@afterimage/job-schemas';
import type { CreateBatchCommand } from './create-batch.ts';

const noParameters = z.strictObject({});

/** @throws ProblemError that names each query parameter */
export function refuseParameters(request: ApiRequest): void {
  parseParameters(noParameters, request.query(), 'query parameter');
}

/** What every request for a new job has. @throws ProblemError that names what is wrong */
function readCommon(request: ApiRequest) {
  return {
    tenantId: request.tenantId(),
    path: request.path,
    idempotencyKey: idempotencyKeyOf(request),
    traceparent: request.traceparent,
  };
}

export interface CreateCommand extends SubmitCommand {
  /** Nothing is to be created: the client asks what would be. */
  readonly isDryRun: boolean;
}

/** Reads `POST /v1/jobs`. @throws ProblemError that names what is wrong */
export function toCreateCommand(request: ApiRequest): CreateCommand {
  const { dryRun } = parseParameters(createJobQuerySchema, request.query(), 'query parameter');
  const common = readCommon(request);
  const body = request.json();
  return { ...common, body, request: parseBody(createJobSchema, body), isDryRun: dryRun === 'true' };
}

/** Reads `POST /v1/batches`; its items are left as they came. @throws ProblemError that names what is wrong */
export function toCreateBatchCommand(request: ApiRequest): CreateBatchCommand {
  refuseParameters(request);
  const common = readCommon(request);
  const body = request.json({ maxBytes: LIMITS.batch.bodyBytes });
  return { ...common, requestId: request.requestId, body, envelope: parseBody(batchEnvelopeSchema, body) };
}

/** Reads `POST /v1/jobs/{id}/retry`. @throws ProblemError that names what is wrong */
export function toRetryCommand(request: ApiRequest): RetryCommand {
  refuseParameters(request);
  const common = readCommon(request);
  const body = request.optionalJson();
  return { ...common, sourceId: request.param('id'), body, request: parseBody(retryJobSchema, body ?? {}) };
}
