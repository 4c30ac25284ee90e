import type { Clock, DueIndex, DueItem } from '@afterimage/job-core';
import { inJobScope, type Log } from '@afterimage/telemetry';
import { concurrently } from './concurrently.ts';
import type { StepKind, Tally } from './summary.ts';

export interface ReconcilePorts {
  readonly due: DueIndex;
  readonly moveJobOn: (jobId: string) => Promise<StepKind>;
  readonly moveBatchOn: (batchId: string) => Promise<StepKind>;
  readonly moveDeliveryOn: (deliveryId: string) => Promise<StepKind>;
  readonly log: Log;
  readonly now: Clock;
  /** Items taken from each shard of the index at a time. */
  readonly batchPerShard: number;
  /** Steps taken at the same time. */
  readonly concurrency: number;
}

/** Takes one step for every item that is overdue, page after page, until there is none or the time is up. */
export function makeReconcile(ports: ReconcilePorts) {
  const { due, moveJobOn, moveBatchOn, moveDeliveryOn, log, now, batchPerShard, concurrency } = ports;
  const moves = { job: moveJobOn, batch: moveBatchOn, delivery: moveDeliveryOn };

  async function moveOn({ kind, id, dueAt }: DueItem, tally: Tally): Promise<boolean> {
    try {
      const step = await moves[kind](id);
      tally.step(step);
      log.info('overdue item moved on', { kind, id, dueAt, step });
      return true;
    } catch (error) {
      tally.failure();
      log.error('overdue item failed', { kind, id, dueAt, error });
      return false;
    }
  }

  return async function reconcile(mayGoOn: () => boolean, tally: Tally): Promise<void> {
    const taken = new Set<string>();
    let stuck = 0;
    while (mayGoOn()) {
      // Items that failed stay at the head of their shard: a longer page reaches those behind them.
      const page = await due.listDue(now().toISOString(), batchPerShard + stuck);
      const fresh = page.filter(({ id }) => !taken.has(id));
      if (fresh.length === 0) return;
      await concurrently(fresh, { limit: concurrency, mayGoOn }, async (item) => {
        taken.add(item.id);
        if (!(await inJobScope(() => moveOn(item, tally)))) stuck += 1;
      });
    }
  };
}
