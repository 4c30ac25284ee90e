import { type BatchStore, type Clock, newBatch, ProblemError, type QueuePlaces } from '@afterimage/job-core';
import {
  type BatchEnvelope,
  type BatchRecord,
  type BatchRequest,
  fingerprint,
  idempotentBatchId,
} from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import type { CheckedItem } from './check-item.ts';

export interface CreateBatchCommand {
  readonly tenantId: string;
  readonly path: string;
  readonly requestId: string;
  /** The body as the client sent it, for its fingerprint. */
  readonly body: unknown;
  readonly envelope: BatchEnvelope;
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string | null;
}

export interface CreateBatchPorts {
  readonly batches: Pick<BatchStore, 'create' | 'get'>;
  readonly checkItem: (tenantId: string, index: number, item: unknown) => Promise<CheckedItem>;
  readonly queue: QueuePlaces;
  /** Makes the jobs that are not there yet. */
  readonly fillBatch: (batch: BatchRecord, requests?: readonly BatchRequest[]) => Promise<BatchRecord>;
  /** Cancels the jobs of a batch that was canceled while they were made. */
  readonly cancelBatchJobs: (batch: BatchRecord) => Promise<void>;
  /** Completes a batch that has nothing to wait for. */
  readonly settleBatch: (batch: BatchRecord) => Promise<BatchRecord>;
  /** @throws ProblemError when the webhook may not be called */
  readonly checkWebhook: (webhook: BatchEnvelope['webhook']) => void;
  readonly now: Clock;
  readonly newBatchId: () => string;
  readonly log: Log;
}

export interface CreatedBatch {
  readonly batch: BatchRecord;
  /** The idempotency key had already been used for the same request. */
  readonly isReplay: boolean;
}

/** Creates a batch and its jobs. Once the batch is put none of its items is lost, so a failure after that is not the client's. */
export function makeCreateBatch(ports: CreateBatchPorts) {
  const { batches, queue, checkItem, fillBatch, cancelBatchJobs, settleBatch, checkWebhook, now, newBatchId, log } =
    ports;

  /** The reconciler goes on where it fails. */
  async function finish(batch: BatchRecord, requests?: readonly BatchRequest[]): Promise<BatchRecord> {
    try {
      const filled = await fillBatch(batch, requests);
      if (filled.status === 'canceling') await cancelBatchJobs(filled);
      return await settleBatch(filled);
    } catch (error) {
      log.warn('batch is left to the reconciler', { batchId: batch.id, error });
      return batch;
    }
  }

  /** A place too many is found at the next recount. */
  async function giveBack({ id, tenantId }: BatchRecord, count: number): Promise<void> {
    try {
      await queue.giveBack(tenantId, count);
    } catch (error) {
      log.warn('places not given back', { batchId: id, error });
    }
  }

  async function replayOf(batch: BatchRecord, print: string): Promise<CreatedBatch> {
    if (batch.fingerprint === print) return { batch: await finish(batch), isReplay: true };
    const detail = 'the idempotency key was used before, with another body';
    throw new ProblemError('idempotency-key-reused', { detail, batchId: batch.id });
  }

  async function checkItems({ tenantId, envelope: { items } }: CreateBatchCommand) {
    const checked = await Promise.all(items.map((item, index) => checkItem(tenantId, index, item)));
    return {
      accepted: checked.flatMap(({ accepted }) => accepted ?? []),
      rejections: checked.flatMap(({ rejected }) => rejected ?? []),
    };
  }

  return async function createBatch(command: CreateBatchCommand): Promise<CreatedBatch> {
    const { tenantId, path, requestId, envelope, idempotencyKey, traceparent } = command;
    const id = idempotencyKey === undefined ? newBatchId() : idempotentBatchId(tenantId, path, idempotencyKey);
    const print = fingerprint(command.body);
    // A key that was used stands for its batch, whatever has become of what its items refer to.
    const earlier = idempotencyKey === undefined ? undefined : await batches.get(id);
    if (earlier !== undefined) return replayOf(earlier, print);
    checkWebhook(envelope.webhook);
    const { accepted, rejections } = await checkItems(command);
    const { items, webhook, metadata } = envelope;
    const given = { id, tenantId, fingerprint: print, requestId, traceparent, rejections, webhook, metadata };
    // All or none: a batch that is refused for want of places can be sent again under its key.
    await queue.take(tenantId, accepted.length);
    const { created, batch } = await batches.create(newBatch({ ...given, size: items.length }, now()), accepted);
    if (!created) {
      await giveBack(batch, accepted.length);
      return replayOf(batch, print);
    }
    log.info('batch accepted', { batchId: id, tenantId, items: items.length, rejected: rejections.length });
    return { batch: await finish(batch, accepted), isReplay: false };
  };
}
