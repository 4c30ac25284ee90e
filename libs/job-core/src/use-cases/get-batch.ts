import { type BatchRecord, idPattern } from '@afterimage/job-schemas';
import { ProblemError } from '../errors.ts';
import type { BatchStore } from '../ports.ts';

const BATCH_ID = idPattern('bat');

/** The tenant's batch. @throws ProblemError `not-found`, for another tenant's batch as well */
export function makeGetBatch({ batches }: { readonly batches: Pick<BatchStore, 'get'> }) {
  return async function getBatch(tenantId: string, batchId: string): Promise<BatchRecord> {
    const batch = BATCH_ID.test(batchId) ? await batches.get(batchId) : undefined;
    if (batch !== undefined && batch.tenantId === tenantId) return batch;
    throw new ProblemError('not-found', { detail: `there is no batch ${batchId}` });
  };
}
