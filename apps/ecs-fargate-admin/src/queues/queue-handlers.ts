import { actSchema, countedActSchema, type Queue, type Queues } from '@afterimage/admin-schemas';
import { type Clock, ProblemError, type QueueSwitch } from '@afterimage/job-core';
import type { AdminAnswer, AdminHandler, AdminRequest } from '../api/admin-request.ts';
import { checkCount } from '../api/check-count.ts';
import type { KnownQueue, QueueDirectory } from './queue-directory.ts';
import type { PurgeQueue } from './purge-queue.ts';
import type { ReadQueues } from './read-queues.ts';

export interface QueueHandlersPorts {
  readonly directory: QueueDirectory;
  readonly readQueues: ReadQueues;
  readonly queueSwitch: Pick<QueueSwitch, 'setPaused'>;
  readonly purgeQueue: PurgeQueue;
  readonly now: Clock;
}

type JobQueue = KnownQueue & { readonly jobs: NonNullable<KnownQueue['jobs']> };

/** The queues, and what operators do to those of jobs. */
export function makeQueueHandlers({ directory, readQueues, queueSwitch, purgeQueue, now }: QueueHandlersPorts) {
  function jobQueueOf(request: AdminRequest): JobQueue {
    const queue = directory.find(request.param('name'));
    if (queue.jobs !== null) return { ...queue, jobs: queue.jobs };
    throw new ProblemError('not-found', { detail: `the queue ${queue.name} holds no jobs: no worker takes from it` });
  }

  async function viewOf(queue: KnownQueue): Promise<Queue> {
    const [view] = await readQueues([queue]);
    if (view === undefined) throw new Error(`the queue ${queue.name} was not read`);
    return view;
  }

  const list: AdminHandler = async () => {
    const data = await readQueues(directory.queues);
    return { body: { at: now().toISOString(), data } satisfies Queues };
  };

  function setPaused(isPaused: boolean): AdminHandler {
    return async (request): Promise<AdminAnswer> => {
      request.body(actSchema);
      const queue = jobQueueOf(request);
      const before = await viewOf(queue);
      await queueSwitch.setPaused(queue.jobs.pool, queue.jobs.priority, isPaused);
      // The switch is read as it is soon after a write, not at once.
      return { body: { ...before, isPaused }, before: { isPaused: before.isPaused }, after: { isPaused } };
    };
  }

  const purge: AdminHandler = async (request) => {
    const { expectedCount } = request.body(countedActSchema);
    const queue = jobQueueOf(request);
    const before = await viewOf(queue);
    checkCount(before.visible, expectedCount, `messages in ${queue.name}`);
    const { purged, canceled } = await purgeQueue(queue.url, expectedCount);
    const after = await viewOf(queue);
    return {
      body: after,
      count: purged,
      before: { visible: before.visible },
      after: { visible: after.visible, canceledJobs: canceled },
    };
  };

  return { list, pause: setPaused(true), resume: setPaused(false), purge };
}
