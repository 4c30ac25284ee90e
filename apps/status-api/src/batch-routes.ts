import { parseParameters, type Route } from '@afterimage/app-host/lambda';
import { batchRetryAfter, type JobStatusReader, openJobIds, presentBatch } from '@afterimage/job-core';
import type { BatchRecord } from '@afterimage/job-schemas';
import * as z from 'zod';

export interface BatchRoutesPorts {
  /** @throws ProblemError `not-found` */
  readonly getBatch: (tenantId: string, batchId: string) => Promise<BatchRecord>;
  readonly cancelBatch: (tenantId: string, batchId: string) => Promise<BatchRecord>;
  readonly jobs: JobStatusReader;
  readonly apiUrl: string;
}

const noParameters = z.strictObject({});

/** The routes under `/v1/batches/{id}`. */
export function makeBatchRoutes({ getBatch, cancelBatch, jobs, apiUrl }: BatchRoutesPorts) {
  /** What the jobs that have not ended are doing is read from the jobs themselves. */
  async function respond(status: number, batch: BatchRecord) {
    const statuses = await jobs.statusesOf(openJobIds(batch));
    return { status, headers: batchRetryAfter(batch), body: presentBatch(batch, { apiUrl, statuses }) };
  }

  const get: Route['handle'] = async (request) => {
    parseParameters(noParameters, request.query(), 'query parameter');
    return respond(200, await getBatch(request.tenantId(), request.param('id')));
  };

  const cancel: Route['handle'] = async (request) => {
    parseParameters(noParameters, request.query(), 'query parameter');
    return respond(202, await cancelBatch(request.tenantId(), request.param('id')));
  };

  return { get, cancel };
}
