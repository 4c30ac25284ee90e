import { afterEach, describe, expect, it } from 'vitest';
import { aJobRecord } from '@afterimage/testing';
import { aFleet, type FleetOptions } from '../test/support/a-fleet.ts';
import { pass } from '../test/support/fake-time.ts';

let stop: () => Promise<void>;
afterEach(() => stop());

function setUp(options: FleetOptions) {
  const fleet = aFleet(options);
  ({ stop } = fleet);
  const submit = async (tenantId: string, count: number) => {
    for (let i = 0; i < count; i += 1) await fleet.submit(aJobRecord({ tenantId }));
  };
  return { ...fleet, submit };
}

describe('the cap on the running jobs of a tenant', () => {
  it('leaves workers to a tenant with few jobs behind a backlog of another', async () => {
    const { clock, count, submit } = setUp({ workers: 4, jobMs: 20_000, runningJobs: 3 });
    await submit('heavy', 60);
    await pass(clock, 5000);
    expect(count('heavy', 'running')).toBe(3);

    await submit('light', 2);
    let most = 0;
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await pass(clock, 1000);
      most = Math.max(most, count('heavy', 'running'));
    }

    expect(count('light', 'succeeded')).toBe(2);
    expect(most).toBeLessThanOrEqual(3);
    expect(count('heavy', 'succeeded')).toBeGreaterThan(0);
    expect(count('heavy', 'queued')).toBeGreaterThan(40);
  });

  it('shares the workers evenly between tenants with as many jobs as they like', async () => {
    const { clock, count, submit } = setUp({ workers: 4, jobMs: 10_000, runningJobs: 4 });
    await submit('heavy', 60);
    await submit('light', 20);

    await pass(clock, 100_000);

    const [heavy, light] = [count('heavy', 'succeeded'), count('light', 'succeeded')];
    expect(heavy + light).toBeGreaterThan(25);
    expect(light).toBeGreaterThanOrEqual(heavy * 0.7);
  });

  it('is soon made use of again when a job ends, and every job runs once', async () => {
    const { clock, count, store, submit } = setUp({ workers: 2, jobMs: 5000, runningJobs: 1 });
    await submit('heavy', 4);

    await pass(clock, 4 * (5000 + 11_000));

    expect(count('heavy', 'succeeded')).toBe(4);
    expect(store.all().flatMap(({ attempts }) => attempts)).toHaveLength(4);
  });

  it('does not slow down a tenant below it, however short its jobs are', async () => {
    const { clock, count, submit, places } = setUp({ workers: 2, jobMs: 100, runningJobs: 8 });
    await submit('only', 200);

    await pass(clock, 12_000);

    expect(count('only', 'succeeded')).toBe(200);
    await pass(clock, 2000);
    expect(await places.taken('only', 'running')).toBe(0);
  });

  it('is not used up by a worker that died', async () => {
    const { clock, count, places, submit } = setUp({ workers: 1, jobMs: 1000, runningJobs: 1 });
    // A place whose job was never claimed.
    await places.take('heavy', 'running', { count: 1, limit: 1, now: clock.now() });
    await submit('heavy', 1);

    await pass(clock, 10_000);

    expect(count('heavy', 'succeeded')).toBe(1);
  });

  it('does not lead a message to the dead letters, however often its job is put off', async () => {
    const { clock, queues, submit } = setUp({ workers: 2, jobMs: 500_000, runningJobs: 1 });
    await submit('heavy', 2);
    await pass(clock, 60_000);
    await stop();
    await pass(clock, 10_000);

    const { signal } = new AbortController();
    const messages = await queues.interactive.receive({ max: 10, waitSeconds: 0, visibilitySeconds: 60, signal });

    const putOff = messages.find(({ body }) => body.includes('postponed'));
    expect(JSON.parse(putOff?.body ?? '{}').postponed).toBeGreaterThan(6);
    expect(putOff?.receiveCount).toBe(1);
  });
});
