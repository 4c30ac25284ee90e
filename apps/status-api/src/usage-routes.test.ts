import { describe, expect, it } from 'vitest';
import { usageSchema } from '@afterimage/job-schemas';
import { FakeClock, InMemoryUsageStore } from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeUsageRoutes } from './usage-routes.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

async function setUp() {
  const usage = new InMemoryUsageStore();
  const { now } = new FakeClock('2026-03-10T12:00:00.000Z');
  for (const [jobId, day, model] of [
    ['1', '2026-03-09', 'b'],
    ['2', '2026-03-09', 'a'],
    ['3', '2026-03-10', 'a'],
    ['4', '2026-02-08', 'a'],
  ] as const) {
    await usage.record({ tenantId: 'tenant-1', jobId, day, model, images: 2, engineMs: 1100 });
  }
  const routes = makeUsageRoutes({ usage, now });
  return async (query: Readonly<Record<string, string>> = {}, tenantId = 'tenant-1') =>
    usageSchema.strict().parse((await routes.get(anApiRequest({ query, tenantId }), CONTEXT)).body);
}

describe('GET /v1/usage', () => {
  it('shows the last thirty days by day and model, and their sum', async () => {
    const get = await setUp();

    const { data, ...rest } = await get();

    expect(data.map(({ day, model }) => [day, model])).toEqual([
      ['2026-03-09', 'a'],
      ['2026-03-09', 'b'],
      ['2026-03-10', 'a'],
    ]);
    expect(rest).toEqual({
      object: 'usage',
      from: '2026-02-09',
      to: '2026-03-10',
      total: { jobs: 3, images: 6, engineSeconds: 3.3 },
    });
  });

  it('shows the days that are asked for, both included, of this tenant alone', async () => {
    const get = await setUp();
    const query = { from: '2026-02-08', to: '2026-02-08' };

    expect((await get(query)).total.jobs).toBe(1);
    expect((await get(query, 'tenant-2')).total).toEqual({ jobs: 0, images: 0, engineSeconds: 0 });
  });

  it.each([
    [{ from: '2026-03-11' }, 'from'],
    [{ from: '2025-12-01' }, 'from'],
    [{ from: '2026-02-30' }, 'from'],
    [{ to: 'today' }, 'to'],
    [{ day: '2026-03-09' }, 'day'],
  ])('refuses %j', async (query, pointer) => {
    const get = await setUp();

    await expect(get(query)).rejects.toMatchObject({ code: 'validation-failed', details: { errors: [{ pointer }] } });
  });
});
