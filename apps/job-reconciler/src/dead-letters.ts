import {
  type Clock,
  deadLetter,
  jobFields,
  type JobStore,
  type MessageQueue,
  type ReceivedMessage,
} from '@afterimage/job-core';
import { idPattern, type JobRecord } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import * as z from 'zod';
import { concurrently } from './concurrently.ts';
import type { StepKind, Tally } from './summary.ts';

/** Looked at in each queue and run: a queue that holds more needs an operator, not more looking. */
const MESSAGES_PER_QUEUE = 100;
const RECEIVE_MAX = 10;
/** SQS asks all of its servers only in a long poll; a short one can find a queue empty that is not. */
const RECEIVE_WAIT_SECONDS = 1;
const RECEIVE_TIMEOUT_MS = 5000;
/** Longer than a look at one queue takes, so that it meets each message once. */
const VISIBILITY_SECONDS = 20;

/** All that is needed of a message that was too broken for a worker. */
const letterSchema = z.object({
  jobId: z.string().regex(idPattern('job')),
  attempt: z.int().min(1).optional().catch(undefined),
});

function readLetter(body: string): z.infer<typeof letterSchema> | undefined {
  try {
    return letterSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

export interface DeadLetterPorts {
  readonly queues: readonly MessageQueue[];
  readonly jobs: JobStore;
  readonly announce: (job: JobRecord) => Promise<void>;
  readonly log: Log;
  readonly now: Clock;
  /** Messages handled at the same time in each queue. */
  readonly concurrency: number;
}

/** Fails the jobs whose messages ended in a dead-letter queue. The messages stay there: operators look at and redrive them. */
export function makeFailDeadLetters({ queues, jobs, announce, log, now, concurrency }: DeadLetterPorts) {
  async function failJob({ messageId, body }: ReceivedMessage): Promise<StepKind> {
    const letter = readLetter(body);
    if (letter === undefined) {
      log.warn('dead letter cannot be read', { messageId });
      return 'skipUnreadable';
    }
    const { jobId } = letter;
    const attempt = letter.attempt ?? (await jobs.get(jobId))?.attempt;
    if (attempt === undefined) return 'none';
    const failed = await jobs.change(jobId, deadLetter(attempt, now()));
    if (failed === undefined) return 'none';
    log.warn('job failed by its dead letter', { ...jobFields(failed), messageId });
    await announce(failed);
    return 'failDeadLetter';
  }

  async function handle(message: ReceivedMessage, tally: Tally): Promise<void> {
    try {
      tally.step(await failJob(message));
    } catch (error) {
      tally.failure();
      log.error('dead letter failed', { messageId: message.messageId, error });
    }
  }

  /** Operators see the messages again at once; one that cannot be shown now shows when its visibility timeout is over. */
  async function show(queue: MessageQueue, receiptHandles: readonly string[]): Promise<void> {
    await concurrently(receiptHandles, { limit: concurrency, mayGoOn: () => true }, async (receiptHandle) => {
      try {
        await queue.changeVisibility(receiptHandle, 0);
      } catch (error) {
        log.warn('dead letter stays hidden for a while', { error });
      }
    });
  }

  async function look(queue: MessageQueue, mayGoOn: () => boolean, tally: Tally): Promise<void> {
    const seen = new Map<string, string>();
    try {
      await lookInto(queue, seen, mayGoOn, tally);
    } finally {
      await show(queue, [...seen.values()]);
    }
  }

  async function lookInto(
    queue: MessageQueue,
    seen: Map<string, string>,
    mayGoOn: () => boolean,
    tally: Tally,
  ): Promise<void> {
    while (mayGoOn() && seen.size < MESSAGES_PER_QUEUE) {
      const messages = await queue.receive({
        max: RECEIVE_MAX,
        waitSeconds: RECEIVE_WAIT_SECONDS,
        visibilitySeconds: VISIBILITY_SECONDS,
        signal: AbortSignal.timeout(RECEIVE_TIMEOUT_MS),
      });
      const fresh = messages.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId, receiptHandle } of messages) seen.set(messageId, receiptHandle);
      if (fresh.length === 0) return;
      await concurrently(fresh, { limit: concurrency, mayGoOn }, (message) => handle(message, tally));
    }
  }

  return async function failDeadLetters(mayGoOn: () => boolean, tally: Tally): Promise<void> {
    const looks = queues.map(async (queue) => {
      try {
        await look(queue, mayGoOn, tally);
      } catch (error) {
        tally.failure();
        log.error('dead-letter queue cannot be read', { error });
      }
    });
    await Promise.all(looks);
  };
}
