import type { Clock, JobStore } from '@afterimage/job-core';
import { type JobMessage, jobMessageSchema, type JobRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import { readJson } from '../dead-letters/read-json.ts';
import type { HeldMessage, OperatorQueues } from './operator-queues.ts';

export interface PurgeQueuePorts {
  readonly queues: Pick<OperatorQueues, 'hold' | 'release' | 'delete'>;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly cancelJob: (tenantId: string, jobId: string) => Promise<JobRecord>;
  readonly now: Clock;
  readonly log: Log;
}

export interface Purged {
  readonly purged: number;
  /** Jobs that were waiting with their message; the others had moved on. */
  readonly canceled: number;
}
export type PurgeQueue = (queueUrl: string, atMost: number) => Promise<Purged>;

/** A request must be answered: what is left then is purged by the next one. */
const TIME_MS = 20_000;
const HOLD_SECONDS = 30;

/**
 * Takes messages out of a queue of jobs, and cancels the job of each before it is deleted, so that none waits for a message that
 * never comes. One that cannot be read stays: it becomes a dead letter, of which somebody will know.
 */
export function makePurgeQueue({ queues, jobs, cancelJob, now, log }: PurgeQueuePorts): PurgeQueue {
  async function cancelIfWaiting({ jobId, attempt }: JobMessage): Promise<boolean> {
    const job = await jobs.get(jobId);
    if (job?.status !== 'queued' || job.attempt !== attempt) return false;
    const { status } = await cancelJob(job.tenantId, job.id);
    return status === 'canceled';
  }

  /** Undefined when the message stays. */
  async function purgeOne(queueUrl: string, message: HeldMessage): Promise<{ isCanceled: boolean } | undefined> {
    const claimCheck = jobMessageSchema.safeParse(readJson(message.body)).data;
    if (claimCheck === undefined) return undefined;
    try {
      const isCanceled = await cancelIfWaiting(claimCheck);
      await queues.delete(queueUrl, message);
      return { isCanceled };
    } catch (error) {
      log.warn('message not purged', { messageId: message.messageId, jobId: claimCheck.jobId, error });
      return undefined;
    }
  }

  return async function purgeQueue(queueUrl, atMost) {
    const endMs = now().getTime() + TIME_MS;
    const seen = new Set<string>();
    let purged = 0;
    let canceled = 0;
    while (purged < atMost && now().getTime() < endMs) {
      const held = await queues.hold(queueUrl, HOLD_SECONDS);
      const wanted = held.filter(({ messageId }) => !seen.has(messageId)).slice(0, atMost - purged);
      for (const { messageId } of wanted) seen.add(messageId);
      const results = await Promise.all(wanted.map((message) => purgeOne(queueUrl, message)));
      const kept = held.filter((message) => results[wanted.indexOf(message)] === undefined);
      await queues.release(queueUrl, kept);
      purged += held.length - kept.length;
      canceled += results.filter((result) => result?.isCanceled === true).length;
      if (wanted.length === 0) break;
    }
    return { purged, canceled };
  };
}
