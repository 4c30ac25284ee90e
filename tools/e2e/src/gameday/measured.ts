import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** One value of a metric, as CloudWatch would take it from the logs. */
export interface Datapoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly values: readonly number[];
}

const lineSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});
const valuesSchema = z.union([z.number().transform((value) => [value]), z.array(z.number())]);

/** The values of one line in the embedded metric format, under each of its sets of dimensions; none of any other line. */
export function datapointsIn(line: string): Datapoint[] {
  if (!line.includes('"_aws"')) return [];
  const fields = lineSchema.parse(JSON.parse(line));
  const { Timestamp: atMs, CloudWatchMetrics: directives } = fields['_aws'];
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    metrics.flatMap(({ Name: name }) =>
      sets.map((set) => ({
        namespace,
        name,
        atMs,
        dimensions: Object.fromEntries(set.map((dimension) => [dimension, String(fields[dimension])])),
        values: valuesSchema.parse(fields[name]),
      })),
    ),
  );
}

/** Sum of a counter over all services and pools since then. */
export function countSince(logDirectory: string, name: string, sinceMs: number): number {
  return measuredSince(logDirectory, sinceMs)
    .filter((datapoint) => datapoint.name === name && Object.keys(datapoint.dimensions).length === 1)
    .flatMap(({ values }) => values)
    .reduce((sum, value) => sum + value, 0);
}

/** What the apps of a stack have measured since then. A line that is still being written is left to the next look. */
export function measuredSince(logDirectory: string, sinceMs: number): Datapoint[] {
  const files = readdirSync(logDirectory).filter((file) => file.endsWith('.log'));
  return files
    .flatMap((file) => readFileSync(join(logDirectory, file), 'utf8').split('\n').slice(0, -1))
    .flatMap(datapointsIn)
    .filter(({ atMs }) => atMs >= sinceMs);
}
