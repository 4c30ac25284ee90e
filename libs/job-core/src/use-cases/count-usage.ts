import type { Notification } from '@afterimage/job-schemas';
import { dayOf } from '@afterimage/job-schemas';
import type { UsageStore } from '../ports.ts';

/**
 * Notes what a job used, by the event of its success. What is written follows from the job alone, so that an event which comes
 * twice, however late, changes nothing.
 */
export function makeCountUsage({ usage }: { readonly usage: Pick<UsageStore, 'record'> }) {
  return async function countUsage(notification: Notification): Promise<void> {
    if (!('type' in notification) || notification.type !== 'job.succeeded') return;
    const { id, model, outputs, timings, finishedAt } = notification.data.job;
    if (finishedAt === null) return;
    await usage.record({
      tenantId: notification.tenantid,
      jobId: id,
      day: dayOf(new Date(finishedAt)),
      model,
      images: outputs.length,
      engineMs: timings.inferenceMs ?? 0,
    });
  };
}
