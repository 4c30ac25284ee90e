import type { Route } from '@afterimage/app-host/lambda';
import { batchRetryAfter, presentBatch } from '@afterimage/job-core';
import { type CreateBatchCommand, type CreatedBatch } from './create-batch.ts';
import { toCreateBatchCommand } from './request.ts';

export interface BatchRoutesPorts {
  readonly createBatch: (command: CreateBatchCommand) => Promise<CreatedBatch>;
  readonly apiUrl: string;
}

/** The route that makes batches. */
export function makeBatchRoutes({ createBatch, apiUrl }: BatchRoutesPorts) {
  const create: Route['handle'] = async (request) => {
    const { batch, isReplay } = await createBatch(toCreateBatchCommand(request));
    const body = presentBatch(batch, { apiUrl });
    const headers = {
      location: body.links.self,
      ...batchRetryAfter(batch),
      ...(isReplay ? { 'idempotency-replayed': 'true' } : {}),
    };
    return { status: 207, headers, body };
  };

  return { create };
}
