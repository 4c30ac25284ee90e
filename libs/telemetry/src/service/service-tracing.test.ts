import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createServiceTracing, NO_TRACING } from './service-tracing.ts';

const ORIGIN = '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01';
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.unknown()).default([]),
  links: z.array(z.object({ spanId: z.string() })).default([]),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }),
});
const bodySchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** Something that takes spans, and a process that sends them there. */
async function aTracedService(sampleRatio = 1) {
  const spans: z.infer<typeof spanSchema>[] = [];
  const server = createServer(async (request, response) => {
    const body = bodySchema.parse(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    spans.push(...body.resourceSpans.flatMap((each) => each.scopeSpans.flatMap((scope) => scope.spans)));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(async () => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const isInterruption = (error: unknown) => error instanceof DOMException;
  const tracing = await createServiceTracing({ service: 'gpu-worker', endpoint, sampleRatio, isInterruption });
  return { spans, tracing };
}

describe('tracing of a service', () => {
  it('goes on with the trace that it is given, in segments and their parts', async () => {
    const { tracing, spans } = await aTracedService();
    const spanId = 'ab'.repeat(8);
    const links = [{ traceId: '5759e988bd862e3fe1be46a994272793', spanId: 'cd'.repeat(8), isSampled: true }];

    await tracing.root({ name: 'attempt', traceparent: ORIGIN, spanId, links }, async () => {
      expect(tracing.current()).toBe(`00-5759e988bd862e3fe1be46a994272793-${spanId}-01`);
      expect(tracing.traceHeader()).toBe(`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=${spanId};Sampled=1`);
      await tracing.span('engine', async () => undefined);
    });
    await tracing.close();

    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['5759e988bd862e3fe1be46a994272793']));
    expect(spans.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
      ['engine', spanId],
      ['attempt', '53995c3f42cd8ad8'],
    ]);
    expect(spans[1]).toMatchObject({ spanId, links: [{ spanId: 'cd'.repeat(8) }] });
  });

  it('tells of an error by its name, and leaves it to the caller', async () => {
    const { tracing, spans } = await aTracedService();
    const work = tracing.root({ name: 'attempt', traceparent: ORIGIN }, async () => {
      throw new RangeError('of a secret prompt');
    });

    await expect(work).rejects.toThrow('of a secret prompt');
    await tracing.close();
    expect(spans).toMatchObject([{ status: { code: 2, message: 'RangeError' } }]);
    expect(JSON.stringify(spans)).not.toContain('secret prompt');
  });

  it('does not count as a failure what only interrupts the work', async () => {
    const { tracing, spans } = await aTracedService();
    const interruption = new DOMException('the client does not want a red boat any more', 'AbortError');
    const work = tracing.root({ name: 'attempt', traceparent: ORIGIN }, () => Promise.reject(interruption));

    await expect(work).rejects.toBe(interruption);
    await tracing.close();
    const by = { key: 'interrupted.by', value: { stringValue: 'AbortError' } };
    expect(spans).toMatchObject([{ status: { code: 0 }, attributes: [by] }]);
    expect(JSON.stringify(spans)).not.toContain('red boat');
  });

  it('follows the decision of whoever began the trace, and its own share for those that it begins', async () => {
    const { tracing, spans } = await aTracedService(0);
    await tracing.root({ name: 'unsampled', traceparent: ORIGIN.replace(/01$/, '00') }, async () => undefined);
    await tracing.root({ name: 'begun here', traceparent: null }, async () => undefined);
    await tracing.root({ name: 'sampled', traceparent: ORIGIN }, async () => undefined);
    await tracing.close();

    expect(spans.map(({ name }) => name)).toEqual(['sampled']);
  });

  it('sends nothing of a segment that does not end, so that no part of it stands alone', async () => {
    const { tracing, spans } = await aTracedService();
    void tracing.root({ name: 'killed', traceparent: ORIGIN }, async () => {
      await tracing.span('claim', async () => undefined);
      await new Promise(() => undefined);
    });
    await tracing.root({ name: 'whole', traceparent: ORIGIN }, () => tracing.span('claim', async () => undefined));
    await tracing.close();

    expect(spans.map(({ name }) => name)).toEqual(['claim', 'whole']);
  });

  it('does not touch the work when nobody takes the spans', async () => {
    const tracing = await createServiceTracing({
      service: 'gpu-worker',
      endpoint: 'http://127.0.0.1:1',
      sampleRatio: 1,
    });
    await expect(tracing.root({ name: 'attempt', traceparent: ORIGIN }, async () => 'done')).resolves.toBe('done');
    await expect(tracing.close()).resolves.toBeUndefined();
  });

  it('is off without an endpoint', async () => {
    expect(await createServiceTracing({ service: 'gpu-worker', endpoint: undefined, sampleRatio: 1 })).toBe(NO_TRACING);
    expect(
      await NO_TRACING.root({ name: 'attempt', traceparent: ORIGIN }, async () => NO_TRACING.current()),
    ).toBeNull();
  });
});
