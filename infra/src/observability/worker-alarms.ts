import type { AlarmSpec } from './alarm-spec.ts';
import { formula, type Metrics } from './metrics.ts';

/** Alarms on all workers together. */
export function workers(metrics: Metrics): AlarmSpec[] {
  const view = 'pools';
  return [
    {
      name: 'workers-lost',
      severity: 'ticket',
      loss: 'Jobs start again on another machine and take longer.',
      view,
      runbook: 'many-workers-are-lost',
      metric: metrics.app('job-reconciler', 'WorkerLost', { minutes: 15 }),
      above: 10,
    },
    {
      name: 'spot-storm',
      severity: 'ticket',
      loss: 'Machines are taken back faster than jobs end, so that jobs start again and again.',
      view,
      runbook: 'many-workers-are-lost',
      metric: metrics.app('gpu-worker', 'WorkerSpotNotices', { minutes: 15 }),
      above: 4,
    },
    {
      name: 'engines-lost',
      severity: 'page',
      loss: 'Workers end because their engine is dead, and their jobs start again elsewhere.',
      view,
      runbook: 'engines-die',
      metric: metrics.app('gpu-worker', 'WorkerEnginesLost', { minutes: 15 }),
      above: 2,
    },
    {
      name: 'attempts-fail',
      severity: 'ticket',
      loss: 'Most attempts fail, so that jobs take longer and some will fail.',
      view,
      runbook: 'engines-die',
      metric: formula(
        'IF(FILL(retried, 0) + FILL(succeeded, 0) > 4, FILL(retried, 0) / (FILL(retried, 0) + FILL(succeeded, 0)), 0)',
        { retried: metrics.app('gpu-worker', 'JobsRetried'), succeeded: metrics.app('gpu-worker', 'JobsSucceeded') },
      ),
      above: 0.5,
      periods: 2,
    },
    {
      name: 'worker-receive-errors',
      severity: 'ticket',
      loss: 'Workers cannot take jobs although they are there.',
      view,
      runbook: 'workers-cannot-receive',
      metric: metrics.app('gpu-worker', 'WorkerReceiveErrors'),
      above: 5,
      periods: 3,
    },
    {
      name: 'claims-deferred',
      severity: 'page',
      loss: 'Workers have the messages of jobs and cannot begin them.',
      view,
      runbook: 'the-table-is-throttled',
      metric: metrics.app('gpu-worker', 'MessagesDeferred'),
      above: 5,
      periods: 2,
    },
    {
      name: 'poison-messages',
      severity: 'ticket',
      loss: 'Messages that no worker understands take the place of jobs until they are dead letters.',
      view,
      runbook: 'poison-messages',
      metric: metrics.app('gpu-worker', 'MessagesPoison'),
      above: 5,
    },
    {
      name: 'leases-lost',
      severity: 'ticket',
      loss: 'Jobs are made twice, because workers do not keep up with their leases.',
      view,
      runbook: 'leases-are-lost',
      metric: metrics.app('gpu-worker', 'WorkerLeasesLost', { minutes: 15 }),
      above: 10,
    },
  ];
}

/** Oldest message in seconds before somebody is told. */
const OLDEST_SECONDS = { interactive: 600, batch: 4 * 3600 } as const;
/** Percent of their time in which the workers of a pool have a job, below which they are idle. */
const IDLE_PERCENT = 20;

function queueAlarms(metrics: Metrics, pool: string, priority: 'interactive' | 'batch'): AlarmSpec[] {
  const queue = `${pool}-${priority}`;
  const severity = priority === 'interactive' ? 'page' : 'ticket';
  const waiting = metrics.queue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Minimum' });
  return [
    {
      name: `${queue}-oldest`,
      severity,
      loss: `Jobs of the pool ${pool} are not begun.`,
      view: 'pools',
      runbook: 'jobs-wait-too-long',
      metric: metrics.queue(queue, 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum' }),
      above: OLDEST_SECONDS[priority],
    },
    {
      name: `${queue}-nobody-asks`,
      severity,
      loss: `No worker of the pool ${pool} takes jobs.`,
      view: 'pools',
      runbook: 'no-worker-asks-for-jobs',
      metric: formula('IF(waiting > 0 AND FILL(received, 0) + FILL(empty, 0) == 0, 1, 0)', {
        waiting,
        received: metrics.queue(queue, 'NumberOfMessagesReceived'),
        empty: metrics.queue(queue, 'NumberOfEmptyReceives'),
      }),
      above: 0,
      periods: 3,
    },
    {
      name: `${queue}-idle-while-queued`,
      severity: 'ticket',
      loss: `Jobs of the pool ${pool} wait while its machines have nothing to do and are paid for.`,
      view: 'pools',
      runbook: 'machines-are-idle-while-jobs-wait',
      // Without a worker there is no share, and another alarm rings.
      metric: formula(`IF(waiting > 0 AND busy < ${IDLE_PERCENT}, 1, 0)`, {
        waiting,
        busy: metrics.pool(pool, 'WorkerBusyShare', { statistic: 'Average' }),
      }),
      above: 0,
      periods: 3,
    },
  ];
}

/** Alarms on one pool: its queues, and the pods of its workers. */
export function poolAlarms(metrics: Metrics, pool: string): AlarmSpec[] {
  return [
    ...(['interactive', 'batch'] as const).flatMap((priority) => queueAlarms(metrics, pool, priority)),
    {
      name: `${pool}-crash-loop`,
      severity: 'page',
      loss: `Workers of the pool ${pool} start and end without doing jobs.`,
      view: 'pools',
      runbook: 'workers-crash',
      // The metric is a total: what counts is by how much it grows.
      metric: formula('DIFF(restarts)', {
        restarts: metrics.pods(pool, 'pod_number_of_container_restarts', { statistic: 'Maximum' }),
      }),
      above: 1,
      periods: 2,
    },
  ];
}
