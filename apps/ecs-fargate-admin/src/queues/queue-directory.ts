import { ProblemError } from '@afterimage/job-core';
import { type Priority, prioritySchema } from '@afterimage/job-schemas';

export interface NamedQueue {
  readonly name: string;
  readonly url: string;
}

export interface KnownQueue extends NamedQueue {
  /** Null for the queue of notifications. */
  readonly jobs: { readonly pool: string; readonly priority: Priority } | null;
}

export interface QueueDirectoryOptions {
  readonly jobQueueUrls: readonly string[];
  readonly notificationsQueueUrl: string;
  readonly deadLetterQueueUrls: readonly string[];
  readonly pools: readonly string[];
}

/** Every queue of the deployment, by name. */
export interface QueueDirectory {
  readonly queues: readonly KnownQueue[];
  readonly deadLetters: readonly NamedQueue[];
  readonly notifications: NamedQueue;
  /** @throws ProblemError `not-found` */
  find(name: string): KnownQueue;
  /** @throws ProblemError `not-found` */
  findDeadLetters(name: string): NamedQueue;
  /** The queue of the pool's jobs of this priority. */
  ofJobs(pool: string, priority: Priority): NamedQueue | undefined;
}

function named(url: string): NamedQueue {
  return { name: url.slice(url.lastIndexOf('/') + 1), url };
}

function findIn<Q extends NamedQueue>(queues: readonly Q[], name: string): Q {
  const queue = queues.find((each) => each.name === name);
  if (queue !== undefined) return queue;
  throw new ProblemError('not-found', { detail: `there is no queue ${name}` });
}

/** @throws Error for a job queue that belongs to no pool */
export function makeQueueDirectory(options: QueueDirectoryOptions): QueueDirectory {
  const { jobQueueUrls, notificationsQueueUrl, deadLetterQueueUrls, pools } = options;
  /** A name ends with pool and priority; the longer of two pools of which one ends like the other is meant. */
  const endings = pools
    .flatMap((pool) => prioritySchema.options.map((priority) => ({ pool, priority, ending: `${pool}-${priority}` })))
    .toSorted((a, b) => b.ending.length - a.ending.length);

  function jobQueue(url: string): KnownQueue {
    const queue = named(url);
    const found = endings.find(({ ending }) => queue.name === ending || queue.name.endsWith(`-${ending}`));
    if (found === undefined) throw new Error(`the queue ${queue.name} is of none of the pools ${pools.join(', ')}`);
    return { ...queue, jobs: { pool: found.pool, priority: found.priority } };
  }

  const notifications = named(notificationsQueueUrl);
  const queues = [...jobQueueUrls.map(jobQueue), { ...notifications, jobs: null }];
  const deadLetters = deadLetterQueueUrls.map(named);
  return {
    queues,
    deadLetters,
    notifications,
    find: (name) => findIn(queues, name),
    findDeadLetters: (name) => findIn(deadLetters, name),
    ofJobs: (pool, priority) => queues.find(({ jobs }) => jobs?.pool === pool && jobs.priority === priority),
  };
}
