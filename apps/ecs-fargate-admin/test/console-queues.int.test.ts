import {
  actResultSchema,
  auditPageSchema,
  deadLettersSchema,
  queueSchema,
  queuesSchema,
} from '@afterimage/admin-schemas';
import { makeEnqueue } from '@afterimage/job-core';
import { jobMessageSchema, type JobRecord, problemSchema } from '@afterimage/job-schemas';
import { aDelivery, aJobEvent, aJobMessage, aJobRecord, aTenant, waitFor } from '@afterimage/testing';
import { type EmbeddedAws, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aConsole, type Console, REASON } from './a-console.ts';

let aws: EmbeddedAws;
let admin: Console;

beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());
beforeEach(async () => {
  admin = await aConsole(aws);
  await admin.tenants.create(aTenant({ tenantId: 'tenant-1' }));
});

const nameOf = ({ url }: { readonly url: string }) => url.slice(url.lastIndexOf('/') + 1);

async function lastAct() {
  const { data } = await admin.call('GET /audit', auditPageSchema, '/audit?limit=1');
  return data[0];
}

/** A job that waits for a worker, its message in the queue. */
async function enqueued(): Promise<JobRecord> {
  const { job } = await admin.jobs.create(aJobRecord({ createdAt: new Date().toISOString() }));
  await makeEnqueue({ jobs: admin.jobs, publisher: admin.publisher })(job);
  return job;
}

async function countIn({ url }: { readonly url: string }): Promise<number> {
  const { visible, inFlight } = await admin.queues.depth(url);
  return visible + inFlight;
}

async function letter(queue: { readonly url: string }, body: unknown): Promise<void> {
  await admin.queues.send(queue.url, {
    body: JSON.stringify(body),
    attributes: { traceparent: '00-1' },
    groupId: null,
  });
}

describe('queues', () => {
  it('show what waits, for how long, and what became of the rest', async () => {
    await enqueued();
    await waitFor(async () => (await countIn(admin.interactive)) === 1);
    await letter(admin.interactive.deadLetters, aJobMessage());

    const { data } = await admin.call('GET /queues', queuesSchema, '/queues');

    expect(data.map(({ name }) => name)).toEqual([admin.interactive, admin.batch, admin.notifications].map(nameOf));
    expect(data[0]).toMatchObject({
      pool: 'local',
      priority: 'interactive',
      visible: 1,
      deadLetters: 1,
      oldestAgeSeconds: expect.any(Number),
      arrivedPerMinute: 0.2,
      endedPerMinute: 0,
      secondsToEmpty: null,
      isPaused: false,
    });
    expect(data[1]).toMatchObject({ visible: 0, secondsToEmpty: 0, oldestAgeSeconds: null });
    expect(data[2]).toMatchObject({ pool: null, isPaused: false });
  });

  it('are paused and resumed one by one', async () => {
    const path = `/queues/${nameOf(admin.batch)}`;

    expect(
      await admin.call('POST /queues/:name/pause', queueSchema, `${path}/pause`, { reason: REASON }),
    ).toMatchObject({ isPaused: true });

    expect(await admin.queueSwitch.pausedOf('local')).toEqual(new Set(['batch']));
    expect(await lastAct()).toMatchObject({ before: { isPaused: false }, after: { isPaused: true } });
    await admin.call('POST /queues/:name/resume', queueSchema, `${path}/resume`, { reason: REASON });
    expect(await admin.queueSwitch.pausedOf('local')).toEqual(new Set());
    const other = await admin.send('POST /queues/:name/pause', `/queues/${nameOf(admin.notifications)}/pause`, {
      reason: REASON,
    });
    expect(other.status).toBe(404);
  });

  it('are purged of no more than was confirmed, and the jobs are canceled', async () => {
    const jobs = [await enqueued(), await enqueued(), await enqueued()];
    const moved = await enqueued();
    await admin.jobs.change(moved.id, { guard: { status: ['queued'] }, set: { attempt: 2 }, bumpsVersion: true });
    await waitFor(async () => (await countIn(admin.interactive)) === 4);
    const path = `/queues/${nameOf(admin.interactive)}/purge`;

    const refused = await admin.send('POST /queues/:name/purge', path, { expectedCount: 3, reason: REASON });
    expect(problemSchema.parse(await refused.json())).toMatchObject({ code: 'count-changed', status: 409 });
    expect(await countIn(admin.interactive)).toBe(4);

    const queue = await admin.call('POST /queues/:name/purge', queueSchema, path, { expectedCount: 4, reason: REASON });

    expect(queue).toMatchObject({ visible: 0, inFlight: 0 });
    for (const { id } of jobs) expect(await admin.jobs.get(id)).toMatchObject({ status: 'canceled' });
    expect(await admin.jobs.get(moved.id)).toMatchObject({ status: 'queued', attempt: 2 });
    expect(await lastAct()).toMatchObject({ count: 4, after: { visible: 0, canceledJobs: 3 } });
  });
});

describe('dead letters', () => {
  const error = {
    code: 'internal',
    message: 'the message could not be processed',
    stage: 'queue',
    attempt: 1,
    retryable: false,
  } as const;

  async function aFailedJob(): Promise<JobRecord> {
    return (await admin.jobs.create(aJobRecord({ status: 'failed', error, createdAt: new Date().toISOString() }))).job;
  }

  async function groups() {
    return (await admin.call('GET /dead-letters', deadLettersSchema, '/dead-letters')).groups;
  }

  const act = (verb: 'redrive' | 'discard', body: object) =>
    admin.call(`POST /dead-letters/${verb}`, actResultSchema, `/dead-letters/${verb}`, { ...body, reason: REASON });

  it('of every queue are grouped by their cause, and stay for the next look', async () => {
    const failed = await aFailedJob();
    const delivery = aDelivery({ lastError: 'timeout' });
    await admin.deliveries.create(delivery);
    await letter(admin.interactive.deadLetters, aJobMessage(failed));
    await letter(admin.interactive.deadLetters, { ...aJobMessage(failed), attempt: 2 });
    await letter(admin.interactive.deadLetters, { secret: 'prompt' });
    await letter(admin.notifications.deadLetters, { deliveryId: delivery.id, attempt: 1 });
    await letter(admin.undelivered, { Type: 'Notification', Message: JSON.stringify(aJobMessage(failed)) });

    for (const _ of ['one look', 'another']) {
      const found = await admin.call('GET /dead-letters', deadLettersSchema, '/dead-letters');
      expect(found).toMatchObject({ total: 5, read: 5 });
      expect(found.groups.map(({ queue, cause, count }) => [queue, cause, count])).toEqual(
        expect.arrayContaining([
          [nameOf(admin.interactive.deadLetters), `internal: ${error.message}`, 2],
          [nameOf(admin.interactive.deadLetters), 'the message cannot be read', 1],
          [nameOf(admin.notifications.deadLetters), 'webhook delivery: timeout', 1],
          [nameOf(admin.undelivered), `internal: ${error.message}`, 1],
        ]),
      );
      expect(JSON.stringify(found)).not.toContain('prompt');
    }
  });

  it('of a job that has failed since are retried as a new job, which names it', async () => {
    const failed = await aFailedJob();
    await letter(admin.interactive.deadLetters, aJobMessage(failed));
    const [group] = await groups();

    const result = await act('redrive', { queue: group?.queue, groupId: group?.id, expectedCount: 1 });

    expect(result).toEqual({ done: 1, failures: [] });
    expect(await countIn(admin.interactive.deadLetters)).toBe(0);
    const { jobs } = await admin.jobs.list({ tenantId: 'tenant-1', limit: 10 });
    expect(jobs.find(({ retryOf }) => retryOf === failed.id)).toMatchObject({ status: 'queued', input: failed.input });
  });

  it('of a job that still waits go back to its queue as they were', async () => {
    const { job } = await admin.jobs.create(aJobRecord());
    await letter(admin.batch.deadLetters, aJobMessage(job));

    await act('redrive', { queue: nameOf(admin.batch.deadLetters), expectedCount: 1 });

    const [message] = await admin.queues.hold(admin.batch.url, 30);
    expect(jobMessageSchema.parse(JSON.parse(message?.body ?? ''))).toEqual(aJobMessage(job));
    expect(message?.attributes).toEqual({ traceparent: '00-1' });
  });

  it('that a topic could not deliver go to the queue that they were meant for', async () => {
    const { job } = await admin.jobs.create(aJobRecord());
    const event = aJobEvent(job);
    await letter(admin.undelivered, aJobMessage(job));
    await letter(admin.undelivered, event);
    await letter(admin.undelivered, 'nonsense');

    const result = await act('redrive', { queue: nameOf(admin.undelivered), expectedCount: 3 });

    expect(result).toMatchObject({ done: 2, failures: [{ code: 'not-found' }] });
    expect(await countIn(admin.interactive)).toBe(1);
    expect(await countIn(admin.notifications)).toBe(1);
    expect(await admin.queues.depth(admin.undelivered.url)).toMatchObject({ visible: 1 });
  });

  it('are discarded one by one or all, but no more than were confirmed', async () => {
    const queue = nameOf(admin.batch.deadLetters);
    for (let count = 0; count < 12; count += 1) await letter(admin.batch.deadLetters, { count });
    const [group] = await groups();

    const refused = await admin.send('POST /dead-letters/discard', '/dead-letters/discard', {
      queue,
      expectedCount: 11,
      reason: REASON,
    });
    expect(problemSchema.parse(await refused.json()).code).toBe('count-changed');
    const ofGroup = await admin.send('POST /dead-letters/discard', '/dead-letters/discard', {
      queue,
      groupId: group?.id,
      expectedCount: 11,
      reason: REASON,
    });
    expect(problemSchema.parse(await ofGroup.json()).code).toBe('count-changed');
    expect(await admin.queues.depth(admin.batch.deadLetters.url)).toMatchObject({ visible: 12 });

    const messageId = group?.letters[0]?.messageId;
    expect(await act('discard', { queue, messageId, expectedCount: 1 })).toEqual({ done: 1, failures: [] });
    const again = await admin.send('POST /dead-letters/discard', '/dead-letters/discard', {
      queue,
      messageId,
      expectedCount: 1,
      reason: REASON,
    });
    expect(again.status).toBe(404);

    expect(await act('discard', { queue, expectedCount: 11 })).toEqual({ done: 11, failures: [] });
    expect(await countIn(admin.batch.deadLetters)).toBe(0);
    expect(await lastAct()).toMatchObject({ action: 'dead-letters.discard', count: 11 });
  });
});
