import { DependencyUnavailableError } from '@afterimage/job-core';
import { FakeClock, InMemoryQueueSwitch, recordingTelemetry } from '@afterimage/testing';
import { expect, it, vi } from 'vitest';
import { fakeTime, pass } from '../../test/support/fake-time.ts';
import { makeWatchSwitch } from './watch-switch.ts';

function setUp() {
  const clock = new FakeClock();
  const { log, lines } = recordingTelemetry();
  const queueSwitch = new InMemoryQueueSwitch();
  const watchSwitch = makeWatchSwitch({ queueSwitch, pool: 'local', time: fakeTime(clock), log });
  return { clock, lines, queueSwitch, watchSwitch };
}

it('knows what is paused before it is asked, and then within five seconds', async () => {
  const { clock, queueSwitch, watchSwitch } = setUp();
  await queueSwitch.setPaused('local', 'batch', true);
  await queueSwitch.setPaused('other', 'interactive', true);
  await watchSwitch.look();
  expect(watchSwitch.isPaused('batch')).toBe(true);
  expect(watchSwitch.isPaused('interactive')).toBe(false);

  const over = new AbortController();
  const watching = watchSwitch.watch(over.signal);
  await queueSwitch.setPaused('local', 'batch', false);
  await pass(clock, 5000);

  expect(watchSwitch.isPaused('batch')).toBe(false);
  over.abort();
  await watching;
});

it('keeps what it knows through an outage, of which it logs one line', async () => {
  const { lines, queueSwitch, watchSwitch } = setUp();
  await queueSwitch.setPaused('local', 'batch', true);
  await watchSwitch.look();
  vi.spyOn(queueSwitch, 'pausedOf').mockRejectedValue(new DependencyUnavailableError('throttled'));

  await watchSwitch.look();
  await watchSwitch.look();

  expect(watchSwitch.isPaused('batch')).toBe(true);
  expect(lines.map(({ message }) => message)).toEqual(['queues paused', 'paused queues not known']);
});
