/** The alarms of a deployment. One entry is one alarm; its runbook entry is a heading of docs/runbook.md. */
import type { MetricName } from '@afterimage/telemetry/metrics';
import { FUNCTIONS } from '../config/stage-config.ts';
import type { StageContext } from '../stage-context.ts';
import type { AlarmSpec } from './alarm-spec.ts';
import { formula, metricsOf, type Metrics } from './metrics.ts';
import { poolAlarms, workers } from './worker-alarms.ts';

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
      view: 'service',
      runbook: 'the-api-answers-with-errors',
      metric: metrics.api('5XXError', { statistic: 'Average', minutes }),
      above: rate * ERROR_BUDGET,
    })),
  );
}

/** Apart from the rest of the API: a job that is not accepted cannot be asked for later. */
function submit(metrics: Metrics): AlarmSpec[] {
  const failedShare = (minutes: number) => {
    const requests = (name: MetricName) => metrics.app('submit-api', name, { minutes });
    return formula(
      'IF(FILL(failed, 0) + FILL(served, 0) > 20, FILL(failed, 0) / (FILL(failed, 0) + FILL(served, 0)), 0)',
      { failed: requests('RequestFailed'), served: requests('RequestServed') },
      { minutes },
    );
  };
  return BURNS.flatMap(({ name, severity, rate, windows }) =>
    windows.map((minutes) => ({
      name: `submit-fails-${name}-${minutes}m`,
      together: `submit-fails-${name}`,
      severity,
      loss: 'Clients cannot hand in jobs.',
      view: 'service',
      runbook: 'jobs-are-not-accepted',
      metric: failedShare(minutes),
      above: rate * ERROR_BUDGET,
    })),
  );
}

function jobs(metrics: Metrics): AlarmSpec[] {
  const worker = (name: MetricName, minutes: number) => metrics.app('gpu-worker', name, { minutes });
  const failedShare = (minutes: number) =>
    formula(
      'IF(FILL(failed, 0) + FILL(succeeded, 0) > 20, FILL(failed, 0) / (FILL(failed, 0) + FILL(succeeded, 0)), 0)',
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
        view: 'service',
        runbook: 'jobs-fail',
        metric: failedShare(minutes),
        above: rate * FAILED_JOBS_BUDGET,
      })),
    ),
    {
      name: 'queue-wait',
      severity: 'page',
      loss: 'Clients wait more than five minutes for a job to begin.',
      view: 'service',
      runbook: 'jobs-wait-too-long',
      metric: metrics.app('gpu-worker', 'JobQueueTime', { statistic: 'p95' }),
      above: 5 * 60_000,
      periods: 3,
    },
  ];
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
    view: 'service',
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
      view: 'service',
      runbook: 'a-function-fails',
      metric: metrics.lambda(app, 'Errors'),
      above: 5,
    },
    {
      name: `${app}-throttles`,
      severity: 'ticket',
      loss: `Invocations of ${app} are refused.`,
      view: 'service',
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
      view: 'service',
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
      view: 'service',
      runbook: 'the-reconciler-does-not-run',
      metric: metrics.app('job-reconciler', 'StepFailed', { minutes: 15 }),
      above: 0,
      periods: 2,
    },
    {
      name: 'notifications-oldest',
      severity: 'page',
      loss: 'Clients are told late of what became of their jobs.',
      view: 'service',
      runbook: 'webhooks-are-late',
      metric: metrics.queue('notifications', 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum' }),
      // A delivery that is repeated later waits in the queue for up to 15 minutes.
      above: 20 * 60,
    },
    {
      name: 'webhooks-failed',
      severity: 'ticket',
      loss: 'Receivers of webhooks are given up.',
      view: 'service',
      runbook: 'webhooks-fail',
      metric: metrics.app('result-notifier', 'WebhookFailed', { minutes: 15 }),
      above: 10,
    },
    {
      name: 'webhooks-refused',
      severity: 'ticket',
      loss: 'Half of the attempts to tell clients fail, so that they are told late.',
      view: 'service',
      runbook: 'webhooks-fail',
      metric: formula(
        'IF(FILL(retried, 0) + FILL(delivered, 0) > 4, FILL(retried, 0) / (FILL(retried, 0) + FILL(delivered, 0)), 0)',
        {
          retried: metrics.app('result-notifier', 'WebhookRetried'),
          delivered: metrics.app('result-notifier', 'WebhookDelivered'),
        },
      ),
      above: 0.5,
      periods: 3,
    },
    {
      name: 'table-throttled',
      severity: 'page',
      loss: 'Requests and workers are held up by the jobs table.',
      view: 'service',
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

/** Heading of docs/runbook.md for the budget, which AWS Budgets tells of by itself. */
export const BUDGET_RUNBOOK = 'the-budget-is-nearly-used-up';

/** Every alarm of a stage. */
export function alarmsOf(context: StageContext): AlarmSpec[] {
  const metrics = metricsOf(context.config);
  return [
    ...api(metrics),
    ...submit(metrics),
    ...jobs(metrics),
    ...workers(metrics),
    ...context.pools.pools.flatMap(({ name }) => poolAlarms(metrics, name)),
    ...deadLetters(context, metrics),
    ...functions(metrics),
    ...background(metrics),
  ];
}
