import { callAws } from '@afterimage/job-aws';
import type { Clock } from '@afterimage/job-core';
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { KnownQueue } from './queue-directory.ts';
import type { QueueMeasure } from './queue-meter.ts';

const PERIOD_SECONDS = 300;
const MINUTES = PERIOD_SECONDS / 60;
/** SQS's own numbers are some minutes late: of two periods the latest that is there is taken. */
const WINDOW_MS = 2 * PERIOD_SECONDS * 1000;
/** Of one call. */
const MAX_QUERIES = 500;

const METRICS = {
  oldestAgeSeconds: { name: 'ApproximateAgeOfOldestMessage', stat: 'Maximum' },
  arrivedPerMinute: { name: 'NumberOfMessagesSent', stat: 'Sum' },
  endedPerMinute: { name: 'NumberOfMessagesDeleted', stat: 'Sum' },
} as const satisfies Record<keyof QueueMeasure, { readonly name: string; readonly stat: string }>;
const FIELDS = ['oldestAgeSeconds', 'arrivedPerMinute', 'endedPerMinute'] as const satisfies (keyof QueueMeasure)[];

function idOf(index: number, field: keyof QueueMeasure): string {
  return `${field}${index}`;
}

function queriesOf({ name }: KnownQueue, index: number): MetricDataQuery[] {
  return FIELDS.map((field) => ({
    Id: idOf(index, field),
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: METRICS[field].name,
        Dimensions: [{ Name: 'QueueName', Value: name }],
      },
      Period: PERIOD_SECONDS,
      Stat: METRICS[field].stat,
    },
  }));
}

/** @param latest the latest value of each metric, by the id of its query */
export function toMeasures(
  queues: readonly KnownQueue[],
  latest: ReadonlyMap<string, number>,
): ReadonlyMap<string, QueueMeasure> {
  return new Map(
    queues.map(({ name }, index) => {
      const valueOf = (field: keyof QueueMeasure) => latest.get(idOf(index, field));
      const perMinute = (field: keyof QueueMeasure) => {
        const sum = valueOf(field);
        return sum === undefined ? null : sum / MINUTES;
      };
      return [
        name,
        {
          oldestAgeSeconds: valueOf('oldestAgeSeconds') ?? null,
          arrivedPerMinute: perMinute('arrivedPerMinute'),
          endedPerMinute: perMinute('endedPerMinute'),
        },
      ];
    }),
  );
}

/** Measures queues by what SQS tells CloudWatch of them, however many jobs there are. */
export class CloudWatchMeasures {
  readonly #client: CloudWatchClient;
  readonly #now: Clock;

  constructor(client: CloudWatchClient, now: Clock) {
    this.#client = client;
    this.#now = now;
  }

  async measure(queues: readonly KnownQueue[]): Promise<ReadonlyMap<string, QueueMeasure>> {
    const queries = queues.flatMap(queriesOf);
    const latest = new Map<string, number>();
    const end = this.#now();
    for (let from = 0; from < queries.length; from += MAX_QUERIES) {
      const command = new GetMetricDataCommand({
        StartTime: new Date(end.getTime() - WINDOW_MS),
        EndTime: end,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: queries.slice(from, from + MAX_QUERIES),
      });
      const { MetricDataResults = [] } = await callAws('CloudWatch', () => this.#client.send(command));
      for (const { Id = '', Values: [value] = [] } of MetricDataResults) {
        if (value !== undefined) latest.set(Id, value);
      }
    }
    return toMeasures(queues, latest);
  }
}
