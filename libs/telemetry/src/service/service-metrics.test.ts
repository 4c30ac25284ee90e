import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createServiceMetrics } from './service-metrics.ts';

const DELTA = 1;
const point = z.object({
  attributes: z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) })),
  asDouble: z.number().optional(),
  asInt: z.number().optional(),
  count: z.number().optional(),
  sum: z.number().optional(),
});
const points = z.object({ aggregationTemporality: z.number().optional(), dataPoints: z.array(point) });
const metric = z.object({
  name: z.string(),
  sum: points.optional(),
  gauge: points.optional(),
  exponentialHistogram: points.optional(),
});
const bodySchema = z.object({
  resourceMetrics: z.array(z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) })),
});

/** Something that takes metrics. */
async function aCollector() {
  const metrics: z.infer<typeof metric>[] = [];
  const server = createServer(async (request, response) => {
    const body = bodySchema.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    metrics.push(...body.resourceMetrics.flatMap((each) => each.scopeMetrics.flatMap((scope) => scope.metrics)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { metrics, endpoint: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

describe('metrics of a service', () => {
  it('go to the collector under the names and dimensions of the catalogue, with what percentiles need', async () => {
    const collector = await aCollector();
    const metrics = await createServiceMetrics({
      service: 'gpu-worker',
      pool: 'sdxl',
      exporter: 'otlp',
      endpoint: collector.endpoint,
    });

    metrics.count('JobsFailed', 1, { reason: 'out_of_memory' });
    metrics.count('JobsFailed', 2, { reason: 'out_of_memory' });
    metrics.duration('JobQueueTime', 1500);
    metrics.gauge('WorkerBusyShare', 40);
    await metrics.close();
    collector.close();

    const byName = Object.fromEntries(collector.metrics.map((each) => [each.name, each]));
    expect(byName['JobsFailed']?.sum).toMatchObject({ aggregationTemporality: DELTA, dataPoints: [{ asDouble: 3 }] });
    expect(byName['JobsFailed']?.sum?.dataPoints[0]?.attributes).toEqual(
      Object.entries({ service: 'gpu-worker', pool: 'sdxl', reason: 'out_of_memory' }).map(([key, stringValue]) => ({
        key,
        value: { stringValue },
      })),
    );
    expect(byName['JobQueueTime']?.exponentialHistogram?.dataPoints).toMatchObject([{ count: 1, sum: 1500 }]);
    expect(byName['WorkerBusyShare']?.gauge?.dataPoints).toMatchObject([{ asDouble: 40 }]);
  });

  it('do not touch the work when nobody takes them', async () => {
    const collector = await aCollector();
    collector.close();
    const { endpoint } = collector;
    const metrics = await createServiceMetrics({ service: 'gpu-worker', exporter: 'otlp', endpoint });

    metrics.count('JobsSucceeded');
    metrics.flush();

    await expect(metrics.close()).resolves.toBeUndefined();
  });
});
