import { makeAnnounce } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import {
  aJobMessage,
  aJobRecord,
  aRunningJob,
  FakeClock,
  InMemoryJobStore,
  InMemoryMessageQueue,
  RecordingEventPublisher,
  waitFor,
  recordingTelemetry,
} from '@afterimage/testing';
import { expect, test, vi } from 'vitest';
import { makeFailDeadLetters } from './dead-letters.ts';
import { createTally, type Summary } from './summary.ts';

const SECOND_MS = 1000;

function setUp(stored: readonly JobRecord[]) {
  const clock = new FakeClock();
  const { now } = clock;
  const { log, lines } = recordingTelemetry();
  const jobs = new InMemoryJobStore(stored);
  const events = new RecordingEventPublisher();
  const queues = [new InMemoryMessageQueue(clock), new InMemoryMessageQueue(clock)] as const;
  const announce = makeAnnounce({ jobs, events, apiUrl: 'https://api.example.com', now });
  const failDeadLetters = makeFailDeadLetters({ queues, jobs, announce, log, now, concurrency: 4 });

  /** Runs to the end: each queue's last look waits a second for a message. */
  async function run(mayGoOn = () => true): Promise<Summary> {
    const tally = createTally();
    let isOver = false;
    const running = failDeadLetters(mayGoOn, tally).finally(() => {
      isOver = true;
    });
    await waitFor(() => {
      if (queues.some((queue) => queue.polling > 0)) clock.advance(SECOND_MS);
      return isOver;
    });
    await running;
    return tally.summary();
  }

  return { clock, jobs, events, queues, lines, run };
}

test('the job of a dead letter fails, is announced, and the message stays', async () => {
  const job = aJobRecord();
  const { jobs, events, queues, run } = setUp([job]);
  queues[1].send(JSON.stringify(aJobMessage(job)));

  expect(await run()).toEqual({ steps: { failDeadLetter: 1 }, failures: 0 });

  expect(await jobs.get(job.id)).toMatchObject({
    status: 'failed',
    isAnnounced: true,
    error: { code: 'internal', stage: 'queue', attempt: 1 },
  });
  expect(events.published).toEqual([expect.objectContaining({ type: 'job.failed', subject: job.id })]);
  expect(queues[1].size).toBe(1);
  expect(queues[1].visible).toBe(1);
});

test('a letter that is looked at again changes nothing more', async () => {
  const job = aJobRecord();
  const { clock, jobs, events, queues, run } = setUp([job]);
  queues[0].send(JSON.stringify(aJobMessage(job)));
  await run();
  const failed = await jobs.get(job.id);
  clock.advance(20 * SECOND_MS);

  expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

  expect(await jobs.get(job.id)).toEqual(failed);
  expect(events.published).toHaveLength(1);
});

test('the letter of an earlier attempt does not end the next one', async () => {
  const job = aJobRecord({ attempt: 2 });
  const { jobs, queues, run } = setUp([job]);
  queues[0].send(JSON.stringify({ ...aJobMessage(job), attempt: 1 }));

  expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

  expect(await jobs.get(job.id)).toEqual(job);
});

test('a job that runs all the same is left to its worker', async () => {
  const job = aRunningJob();
  const { jobs, queues, run } = setUp([job]);
  queues[0].send(JSON.stringify(aJobMessage(job)));

  expect(await run()).toEqual({ steps: { none: 1 }, failures: 0 });

  expect(await jobs.get(job.id)).toEqual(job);
});

test.each([
  ['without its other fields', (job: JobRecord) => ({ jobId: job.id })],
  ['with an attempt that is none', (job: JobRecord) => ({ ...aJobMessage(job), attempt: 'first' })],
  ['with a wrong priority', (job: JobRecord) => ({ ...aJobMessage(job), priority: 'urgent' })],
])('a letter %s still names its job', async (_, letterOf) => {
  const job = aJobRecord();
  const { jobs, queues, run } = setUp([job]);
  queues[0].send(JSON.stringify(letterOf(job)));

  await run();

  expect(await jobs.get(job.id)).toMatchObject({ status: 'failed' });
});

test.each(['', 'not JSON', 'null', '[]', '{}', '{"jobId":"job_1"}', '{"jobId":7}'])(
  'a letter that reads %j is counted and stays',
  async (body) => {
    const { queues, lines, run } = setUp([]);
    const messageId = queues[0].send(body);

    expect(await run()).toEqual({ steps: { skipUnreadable: 1 }, failures: 0 });

    expect(queues[0].size).toBe(1);
    expect(lines).toEqual([{ level: 'warn', message: 'dead letter cannot be read', fields: { messageId } }]);
  },
);

test('a letter of a job that is not there any more is passed over', async () => {
  const { queues, run } = setUp([]);
  queues[0].send(JSON.stringify(aJobMessage()));
  queues[0].send(JSON.stringify({ jobId: aJobRecord().id }));

  expect(await run()).toEqual({ steps: { none: 2 }, failures: 0 });
});

test('one letter that fails and one queue that is away do not stop the rest', async () => {
  const [broken, sound] = [aJobRecord(), aJobRecord()];
  const { jobs, queues, run } = setUp([broken, sound]);
  for (const job of [broken, sound]) queues[1].send(JSON.stringify(aJobMessage(job)));
  vi.spyOn(queues[0], 'receive').mockRejectedValue(new Error('queue is away'));
  const change = jobs.change.bind(jobs);
  vi.spyOn(jobs, 'change').mockImplementation((jobId, step) =>
    jobId === broken.id ? Promise.reject(new Error('table is away')) : change(jobId, step),
  );

  expect(await run()).toEqual({ steps: { failDeadLetter: 1 }, failures: 2 });
});

test('at most a hundred messages of a queue are looked at in a run', async () => {
  const { queues, run } = setUp([]);
  for (let index = 0; index < 120; index++) queues[0].send(`letter ${index}`);

  expect(await run()).toEqual({ steps: { skipUnreadable: 100 }, failures: 0 });
});

test('no queue is asked when the time is over', async () => {
  const { queues, run } = setUp([]);
  queues[0].send('{}');

  expect(await run(() => false)).toEqual({ steps: {}, failures: 0 });
  expect(queues[0].visible).toBe(1);
});
