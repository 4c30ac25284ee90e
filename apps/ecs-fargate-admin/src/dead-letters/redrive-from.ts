import { type JobStore, ProblemError } from '@afterimage/job-core';
import { retryJobSchema } from '@afterimage/job-schemas';
import type { JobActs } from '../jobs/job-acts.ts';
import type { OperatorQueues } from '../queues/operator-queues.ts';
import type { NamedQueue, QueueDirectory } from '../queues/queue-directory.ts';
import type { ExplainedLetter } from './explain-letter.ts';

export interface RedriveLetterPorts {
  readonly queues: Pick<OperatorQueues, 'depth' | 'send'>;
  readonly directory: Pick<QueueDirectory, 'queues' | 'notifications' | 'ofJobs'>;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly retry: JobActs['retry'];
}

/**
 * Lets a dead letter be handled again. Its job has usually been failed since: no worker takes that again, so it is retried as a
 * new job that names it. Everything else goes back to where it came from, as it was.
 */
export function makeRedriveFrom({ queues, directory, jobs, retry }: RedriveLetterPorts) {
  async function sourceOf(deadLetters: NamedQueue): Promise<NamedQueue | undefined> {
    for (const queue of directory.queues) {
      if ((await queues.depth(queue.url)).deadLetterQueue === deadLetters.name) return queue;
    }
    return undefined;
  }

  /** What a topic could not deliver goes to the queue that it was meant for. */
  function targetOf(source: NamedQueue | undefined, { letter }: ExplainedLetter): NamedQueue {
    if (source !== undefined) return source;
    if (letter.kind === 'event' || letter.kind === 'delivery') return directory.notifications;
    const { pool, priority } = letter.kind === 'job' ? letter : {};
    const target = pool === undefined || priority === undefined ? undefined : directory.ofJobs(pool, priority);
    if (target !== undefined) return target;
    throw new ProblemError('not-found', { detail: 'the message does not say which queue it was meant for' });
  }

  async function retriesJob({ letter }: ExplainedLetter): Promise<string | undefined> {
    if (letter.kind !== 'job') return undefined;
    const job = await jobs.get(letter.jobId);
    return job?.status === 'failed' || job?.status === 'expired' ? job.id : undefined;
  }

  async function redriveLetter(source: NamedQueue | undefined, explained: ExplainedLetter): Promise<void> {
    const { messageId, body, attributes, groupId } = explained.message;
    const jobId = await retriesJob(explained);
    if (jobId === undefined) {
      const target = targetOf(source, explained);
      await queues.send(target.url, { body, attributes, groupId });
      return;
    }
    // By the message's id: what is redriven again, because its deletion failed, does not make another job.
    await retry(jobId, retryJobSchema.parse({}), `dead-letter-${messageId}`);
  }

  /** For the letters of one queue. */
  return async function redriveFrom(deadLetters: NamedQueue): Promise<(letter: ExplainedLetter) => Promise<void>> {
    const source = await sourceOf(deadLetters);
    return (letter) => redriveLetter(source, letter);
  };
}
export type RedriveFrom = ReturnType<typeof makeRedriveFrom>;
