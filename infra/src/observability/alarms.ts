/** The alarms of a deployment. One entry is one alarm; its runbook entry is a heading of docs/runbook.md. */
import { FUNCTIONS } from '../config/stage-config.ts';
import type { StageContext } from '../stage-context.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { formula, metricsOf, type Metrics } from './metrics.ts';

/** Share of requests, and of jobs, that may fail in a month. */
const ERROR_BUDGET = 0.001;
const FAILED_JOBS_BUDGET = 0.01;

/** A burn of the month's budget: so many times as fast as it lasts a month, in a long window and still in a short one. */
const BURNS = [
  { name: 'fast', severity: 'page', rate: 14.4, windows: [5, 60] },
  { name: 'slow', severity: 'ticket', rate: 6, windows: [30, 360] },
] as const;

function api(metrics: Metrics): AlarmSpec[] {
  return BURNS.flatMap(({ name, severity, rate, windows }) =>
    windows.map((minutes) => ({
      name: `api-errors-${name}-${minutes}m`,
      together: `api-errors-${name}`,
      severity,
      loss: 'Clients get errors in place of answers.',
      runbook: 'the-api-answers-with-errors',
      metric: metrics.api('5XXError', { statistic: 'Average', minutes }),
      above: rate * ERROR_BUDGET,
    })),
  );
}

function jobs(metrics: Metrics): AlarmSpec[] {
  const worker = (name: string, minutes: number) => metrics.app('gpu-worker', name, { minutes });
  const failedShare = (minutes: number) =>
    formula(
      'IF(failed + succeeded > 20, failed / (failed + succeeded), 0)',
      { failed: worker('JobsFailed', minutes), succeeded: worker('JobsSucceeded', minutes) },
      { minutes },
    );
  return [
    ...BURNS.flatMap(({ name, severity, rate, windows }) =>
      windows.map((minutes): AlarmSpec => ({
        name: `jobs-failed-${name}-${minutes}m`,
        together: `jobs-failed-${name}`,
        severity,
        loss: 'Jobs that were accepted end without images.',
        runbook: 'jobs-fail',
        metric: failedShare(minutes),
        above: rate * FAILED_JOBS_BUDGET,
      })),
    ),
    {
      name: 'queue-wait',
      severity: 'page',
      loss: 'Clients wait more than five minutes for a job to begin.',
      runbook: 'jobs-wait-too-long',
      metric: metrics.app('gpu-worker', 'JobQueueTime', { statistic: 'p95' }),
      above: 5 * 60_000,
      periods: 3,
    },
    {
      name: 'workers-lost',
      severity: 'ticket',
      loss: 'Jobs start again on another machine and take longer.',
      runbook: 'many-workers-are-lost',
      metric: metrics.app('job-reconciler', 'WorkerLost', { minutes: 15 }),
      above: 10,
    },
    {
      name: 'worker-receive-errors',
      severity: 'ticket',
      loss: 'Workers cannot take jobs although they are there.',
      runbook: 'workers-cannot-receive',
      metric: metrics.app('gpu-worker', 'WorkerReceiveErrors'),
      above: 10,
      periods: 3,
    },
  ];
}

/** Oldest message in seconds before somebody is told. */
const OLDEST_SECONDS = { interactive: 600, batch: 4 * 3600 } as const;

function pool(metrics: Metrics, name: string): AlarmSpec[] {
  return (['interactive', 'batch'] as const).flatMap((priority): AlarmSpec[] => {
    const queue = `${name}-${priority}`;
    const severity = priority === 'interactive' ? 'page' : 'ticket';
    return [
      {
        name: `${queue}-oldest`,
        severity,
        loss: `Jobs of the pool ${name} are not begun.`,
        runbook: 'jobs-wait-too-long',
        metric: metrics.queue(queue, 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum' }),
        above: OLDEST_SECONDS[priority],
      },
      {
        name: `${queue}-nobody-asks`,
        severity,
        loss: `No worker of the pool ${name} takes jobs.`,
        runbook: 'no-worker-asks-for-jobs',
        metric: formula('IF(waiting > 0 AND FILL(received, 0) + FILL(empty, 0) == 0, 1, 0)', {
          waiting: metrics.queue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Minimum' }),
          received: metrics.queue(queue, 'NumberOfMessagesReceived'),
          empty: metrics.queue(queue, 'NumberOfEmptyReceives'),
        }),
        above: 0,
        periods: 3,
      },
    ];
  });
}

/** Queues whose messages nobody could handle, or SNS could not bring. */
function deadLetters({ pools }: StageContext, metrics: Metrics): AlarmSpec[] {
  const queues = [
    ...pools.pools.flatMap(({ name }) => [`${name}-interactive-dlq`, `${name}-batch-dlq`]),
    'notifications-dlq',
    'job-requests-undelivered',
    'job-events-undelivered',
  ];
  return queues.map((queue) => ({
    name: `${queue}-not-empty`,
    severity: 'ticket',
    loss: 'A job failed, or a client was not told, for a reason that nobody foresaw.',
    runbook: 'a-dead-letter-queue-is-not-empty',
    metric: metrics.queue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Maximum' }),
    above: 0,
  }));
}

function functions(metrics: Metrics): AlarmSpec[] {
  return FUNCTIONS.flatMap((app): AlarmSpec[] => [
    {
      name: `${app}-errors`,
      severity: 'ticket',
      loss: `Invocations of ${app} end without a result.`,
      runbook: 'a-function-fails',
      metric: metrics.lambda(app, 'Errors'),
      above: 5,
    },
    {
      name: `${app}-throttles`,
      severity: 'ticket',
      loss: `Invocations of ${app} are refused.`,
      runbook: 'a-function-is-throttled',
      metric: metrics.lambda(app, 'Throttles'),
      above: 0,
      periods: 2,
    },
  ]);
}

function background(metrics: Metrics): AlarmSpec[] {
  return [
    {
      name: 'reconciler-silent',
      severity: 'page',
      loss: 'Jobs that lost their worker, their message or their event stay where they are.',
      runbook: 'the-reconciler-does-not-run',
      metric: formula('IF(FILL(runs, 0) < 1, 1, 0)', { runs: metrics.lambda('job-reconciler', 'Invocations') }),
      above: 0,
      periods: 2,
      silenceRings: true,
    },
    {
      name: 'reconciler-steps-failed',
      severity: 'ticket',
      loss: 'Some overdue jobs are not moved on.',
      runbook: 'the-reconciler-does-not-run',
      metric: metrics.app('job-reconciler', 'StepFailed', { minutes: 15 }),
      above: 0,
      periods: 2,
    },
    {
      name: 'notifications-oldest',
      severity: 'page',
      loss: 'Clients are told late of what became of their jobs.',
      runbook: 'webhooks-are-late',
      metric: metrics.queue('notifications', 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum' }),
      // A delivery that is repeated later waits in the queue for up to 15 minutes.
      above: 20 * 60,
    },
    {
      name: 'webhooks-failed',
      severity: 'ticket',
      loss: 'Receivers of webhooks are given up.',
      runbook: 'webhooks-fail',
      metric: metrics.app('result-notifier', 'WebhookFailed', { minutes: 15 }),
      above: 10,
    },
    {
      name: 'table-throttled',
      severity: 'page',
      loss: 'Requests and workers are held up by the jobs table.',
      runbook: 'the-table-is-throttled',
      metric: formula('FILL(reads, 0) + FILL(writes, 0)', {
        reads: metrics.table('ReadThrottleEvents'),
        writes: metrics.table('WriteThrottleEvents'),
      }),
      above: 10,
      periods: 2,
    },
  ];
}

/** Every alarm of a stage. */
export function alarmsOf(context: StageContext): AlarmSpec[] {
  const metrics = metricsOf(context.config);
  return [
    ...api(metrics),
    ...jobs(metrics),
    ...context.pools.pools.flatMap(({ name }) => pool(metrics, name)),
    ...deadLetters(context, metrics),
    ...functions(metrics),
    ...background(metrics),
  ];
}
