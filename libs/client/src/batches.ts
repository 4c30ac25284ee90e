import type { CreateBatchRequest } from './batch.ts';
import { type BatchHandle, type BatchReply, makeBatchHandle } from './batch-handle.ts';
import type { CallOptions } from './job-handle.ts';
import { checkIdempotencyKey, type CreateOptions, type JobList, type ListOptions } from './jobs.ts';
import { readBatch } from './read-batch.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Runtime } from './runtime.ts';
import type { ApiRequest, Transport } from './transport.ts';
import { uploadImages } from './upload-images.ts';
import type { Uploads } from './uploads.ts';

export interface Batches {
  /** Files in the inputs are uploaded first. An item that is rejected has its problem; the others go on without it. */
  create(request: CreateBatchRequest, options?: Omit<CreateOptions, 'waitSeconds'>): Promise<BatchHandle>;
  get(id: string, options?: CallOptions): Promise<BatchHandle>;
  /** Cancels every job of the batch that has not ended. */
  cancel(id: string, options?: CallOptions): Promise<BatchHandle>;
}

export interface BatchesOptions {
  readonly transport: Transport;
  readonly uploads: Uploads;
  readonly runtime: Runtime;
  readonly listJobs: (options: ListOptions) => JobList;
}

/** @throws TypeError for what would be another path */
function pathOf(id: string): string {
  if (!/^\w+$/.test(id)) throw new TypeError('the id of a batch must be bat_ and 26 characters');
  return `/v1/batches/${id}`;
}

export function makeBatches({ transport, uploads, runtime, listJobs }: BatchesOptions): Batches {
  async function send(request: ApiRequest): Promise<BatchReply> {
    const reply = await transport.send(request);
    const retryAfterMs = parseRetryAfter(reply.headers.get('retry-after'), runtime.nowMs());
    return { batch: readBatch(reply), retryAfterMs };
  }

  const get = (id: string, signal: AbortSignal | undefined) => send({ path: pathOf(id), signal });
  const cancel = (id: string, signal: AbortSignal | undefined) =>
    send({ path: `${pathOf(id)}/cancel`, method: 'POST', signal });
  const toHandle = (first: BatchReply) => makeBatchHandle({ first, get, cancel, listJobs, runtime });

  return {
    async create({ items, ...request }, { idempotencyKey = runtime.newIdempotencyKey(), signal } = {}) {
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': JSON.stringify(checkIdempotencyKey(idempotencyKey)),
      };
      const wired = await Promise.all(items.map((item) => uploadImages(item, uploads, signal)));
      const body = JSON.stringify({ ...request, items: wired });
      return toHandle(await send({ path: '/v1/batches', method: 'POST', headers, body, signal }));
    },
    async get(id, { signal } = {}) {
      return toHandle(await get(id, signal));
    },
    async cancel(id, { signal } = {}) {
      return toHandle(await cancel(id, signal));
    },
  };
}
