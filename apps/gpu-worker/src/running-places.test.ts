import { makeTakePlaces } from '@afterimage/job-core';
import { aRunningJob, FakeClock, InMemoryJobPlaces, InMemoryJobStore, recordingTelemetry } from '@afterimage/testing';
import { expect, it } from 'vitest';
import { fakeTime, pass } from '../test/support/fake-time.ts';
import { RunningPlaces } from './running-places.ts';

function setUp({ limit = 2 } = {}) {
  const clock = new FakeClock();
  const places = new InMemoryJobPlaces(new InMemoryJobStore([aRunningJob({ tenantId: 'one' })]));
  const telemetry = recordingTelemetry();
  const limits = { limit };
  const running = new RunningPlaces({
    takePlaces: makeTakePlaces({ places, now: clock.now }),
    places,
    limitOfTenant: async () => limits.limit,
    time: fakeTime(clock),
    ...telemetry,
  });
  async function take(tenantId = 'one') {
    const place = await running.take(tenantId);
    if (place === undefined) throw new Error(`${tenantId} has no place left`);
    return place;
  }
  return { clock, places, telemetry, limits, running, take, taken: () => places.taken('one', 'running') };
}

it('gives a place to the next job of its tenant', async () => {
  const { clock, running, take, taken } = setUp();
  running.free(await take(), clock.now());

  const next = await take();

  expect(await taken()).toBe(1);
  running.free(next, clock.now());
  await running.close();
  expect(await taken()).toBe(0);
});

it('gives a place back for which no job comes, also while one of another tenant does', async () => {
  const { clock, running, take, taken } = setUp();
  running.free(await take(), clock.now());
  await take('other');
  expect(await taken()).toBe(1);

  await pass(clock, 1000);

  expect(await taken()).toBe(0);
});

it('hands a place on for a minute at most, so that a lower limit comes into force', async () => {
  const { clock, limits, running, take, taken } = setUp();
  const [one, other] = [await take(), await take()];
  limits.limit = 1;
  await pass(clock, 60_000);

  running.free(other, clock.now());
  await running.close();

  expect(await taken()).toBe(1);
  expect(await running.take('one')).toBeUndefined();
  await pass(clock, 1);
  running.free(one, clock.now());
  await running.close();
  expect(await running.take('one')).toBeDefined();
});

it('hands no place on that was counted away, and gives none back', async () => {
  const { clock, places, running, take, taken } = setUp({ limit: 2 });
  running.free(await take(), clock.now());
  await places.recount('one', 'running', { limit: 2, now: clock.now(), everySeconds: 1, quietSeconds: 0 });
  expect(await taken()).toBe(1);

  const next = await take();
  expect(await taken()).toBe(2);
  running.free(next, new Date(clock.now().getTime() + 1));
  await running.close();

  expect(await taken()).toBe(1);
});

it('says so when a place is not given back, and goes on', async () => {
  const { clock, places, running, take, telemetry } = setUp();
  const place = await take();
  places.giveBack = () => Promise.reject(new Error('throttled'));

  running.free(place, clock.now());
  await running.close();

  expect(telemetry.lines).toContainEqual(
    expect.objectContaining({ message: 'place not given back', fields: expect.objectContaining({ tenantId: 'one' }) }),
  );
});
