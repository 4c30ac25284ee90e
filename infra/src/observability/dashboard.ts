import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '@afterimage/telemetry/metrics';
import { resourceName, type StageContext } from '../stage-context.ts';
import { graph, heading } from './graph.ts';
import { metricsOf } from './metrics.ts';

/** From the request to the webhook: one row for each step of a job's way. */
export function serviceDashboard(scope: Construct, id: string, context: StageContext): Dashboard {
  const { config, pools } = context;
  const metrics = metricsOf(config);
  const worker = (name: MetricName) => metrics.app('gpu-worker', name);
  const percentiles = (name: MetricName) =>
    ['p50', 'p95', 'p99'].map((statistic) => metrics.app('gpu-worker', name, { statistic, label: statistic }));
  const queues = pools.pools.flatMap(({ name }) => [`${name}-interactive`, `${name}-batch`]);
  return new Dashboard(scope, id, {
    dashboardName: resourceName(config, 'service'),
    widgets: [
      heading('Requests'),
      [
        graph('Requests and errors', [metrics.api('Count')], [metrics.api('4XXError'), metrics.api('5XXError')]),
        graph(
          'Latency (ms)',
          ['p50', 'p95'].map((statistic) => metrics.api('Latency', { statistic, label: statistic })),
        ),
      ],
      [
        graph('Refused', [
          metrics.app('submit-api', 'RateLimited'),
          metrics.app('status-api', 'RateLimited'),
          metrics.app('api-authorizer', 'KeyRefused'),
        ]),
        graph(
          'Time of submit (ms)',
          ['p50', 'p95'].map((statistic) => metrics.app('submit-api', 'RequestTime', { statistic, label: statistic })),
        ),
      ],
      heading('Queues'),
      [
        graph(
          'Messages waiting',
          queues.map((queue) =>
            metrics.queue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Maximum', label: queue }),
          ),
        ),
        graph(
          'Oldest message (s)',
          queues.map((queue) =>
            metrics.queue(queue, 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum', label: queue }),
          ),
        ),
      ],
      heading('Workers'),
      [
        graph(
          'How jobs end',
          (['JobsSucceeded', 'JobsFailed', 'JobsCanceled', 'JobsRetried', 'JobsReleased'] as const).map(worker),
        ),
        graph('Wait before the first attempt (ms)', percentiles('JobQueueTime')),
        graph('Work of the engine (ms)', percentiles('JobInferenceTime')),
        graph('Workers lost', [metrics.app('job-reconciler', 'WorkerLost')], [worker('WorkerReceiveErrors')]),
      ],
      heading('Webhooks'),
      [
        graph(
          'Deliveries',
          (['WebhookDelivered', 'WebhookRetried', 'WebhookFailed'] as const).map((name) =>
            metrics.app('result-notifier', name),
          ),
        ),
        graph('Receivers (ms)', [metrics.app('result-notifier', 'WebhookLatency', { statistic: 'p95', label: 'p95' })]),
      ],
    ],
  });
}
