import { Dashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { resourceName, type StageContext } from '../stage-context.ts';
import { graph, heading } from './graph.ts';
import { formula, metricsOf } from './metrics.ts';

const MS_PER_HOUR = 3_600_000;

/** Of each pool: its queues, what its workers do, and how they go. */
export function poolsDashboard(scope: Construct, id: string, { config, pools }: StageContext): Dashboard {
  const metrics = metricsOf(config);
  const rowsOf = (pool: string): IWidget[][] => {
    const queues = ['interactive', 'batch'].map((priority) => `${pool}-${priority}`);
    return [
      heading(pool),
      [
        graph(
          'Jobs waiting, and the oldest (s)',
          queues.map((queue) =>
            metrics.queue(queue, 'ApproximateNumberOfMessagesVisible', { statistic: 'Maximum', label: queue }),
          ),
          queues.map((queue) =>
            metrics.queue(queue, 'ApproximateAgeOfOldestMessage', { statistic: 'Maximum', label: `${queue} (s)` }),
          ),
        ),
        graph(
          'Workers: time with a job, GPU (%)',
          [
            metrics.pool(pool, 'WorkerBusyShare', { statistic: 'Average' }),
            metrics.pods(pool, 'pod_gpu_utilization', { statistic: 'Average' }),
            metrics.pods(pool, 'pod_gpu_memory_utilization', { statistic: 'Average' }),
          ],
          [metrics.pods(pool, 'pod_number_of_container_restarts', { statistic: 'Maximum' })],
        ),
      ],
      [
        graph(
          'How attempts end',
          (['JobsSucceeded', 'JobsFailed', 'JobsRetried', 'JobsReleased', 'JobsReleasedBySpot'] as const).map((name) =>
            metrics.pool(pool, name),
          ),
        ),
        graph(
          'Engine and model loads (ms)',
          ['p50', 'p95'].map((statistic) => metrics.pool(pool, 'JobInferenceTime', { statistic, label: statistic })),
          [metrics.pool(pool, 'JobModelLoadTime', { statistic: 'SampleCount', label: 'model loads' })],
        ),
      ],
      [
        graph(
          'Lost',
          (['WorkerLeasesLost', 'WorkerSpotNotices', 'WorkerEnginesLost'] as const).map((name) =>
            metrics.pool(pool, name),
          ),
        ),
        graph(
          'Errors',
          (['WorkerReceiveErrors', 'WorkerHeartbeatErrors', 'MessagesDeferred', 'MessagesPoison'] as const).map(
            (name) => metrics.pool(pool, name),
          ),
        ),
      ],
    ];
  };
  return new Dashboard(scope, id, {
    dashboardName: resourceName(config, 'pools'),
    widgets: pools.pools.flatMap(({ name }) => rowsOf(name)),
  });
}

/** What images cost, by the time of their engines; dollars where the stage says what an hour of a worker costs. */
export function costDashboard(scope: Construct, id: string, { config, pools }: StageContext): Dashboard {
  const metrics = metricsOf(config);
  const prices = config.admin?.dollarsPerHour ?? {};
  const minutes = 60;
  const partsOf = (pool: string) => ({
    images: metrics.pool(pool, 'ImagesMade', { minutes }),
    inference: metrics.pool(pool, 'JobInferenceTime', { minutes }),
    loads: metrics.pool(pool, 'JobModelLoadTime', { minutes }),
  });
  const rowOf = (pool: string): IWidget[][] => {
    const price = prices[pool];
    const seconds = formula('(inference + FILL(loads, 0)) / 1000 / images', partsOf(pool), { minutes, label: pool });
    const dollars = `(inference + FILL(loads, 0)) / ${MS_PER_HOUR} * ${price} / images`;
    return [
      [
        graph('Images', [metrics.pool(pool, 'ImagesMade', { minutes, label: pool })]),
        price === undefined
          ? graph('Seconds of the engine for an image', [seconds])
          : graph('Dollars for an image', [formula(dollars, partsOf(pool), { minutes, label: pool })], [seconds]),
      ],
      [
        graph('Time with a job (%)', [metrics.pool(pool, 'WorkerBusyShare', { statistic: 'Average', minutes })]),
        graph('Work thrown away', [
          metrics.pool(pool, 'JobsRetried', { minutes }),
          metrics.pool(pool, 'JobsReleased', { minutes }),
          metrics.pool(pool, 'WorkerLeasesLost', { minutes }),
        ]),
      ],
    ];
  };
  return new Dashboard(scope, id, {
    dashboardName: resourceName(config, 'cost'),
    widgets: pools.pools.flatMap(({ name }) => [heading(name), ...rowOf(name)]),
  });
}
