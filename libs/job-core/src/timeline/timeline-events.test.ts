import type { JobRecord, Progress, TimelineEvent } from '@afterimage/job-schemas';
import { timelineEventSchema } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { canceling, done, failure, lost, running, success } from '../../test/lifecycle-steps.ts';
import { at, queuedJob } from '../../test/queued-job.ts';
import { erase } from '../erasure.ts';
import { acknowledgeCancel, cancel, endAttempt, heartbeat } from '../lifecycle.ts';
import { presentJob } from '../use-cases/present-job.ts';
import { parseEventId, START } from './event-position.ts';
import { eventsAfter, type ReadJob, snapshotEvents, timelineOf } from './timeline-events.ts';

const TOKEN = 'token-1';
const aProgress = (step: number): Progress => ({
  fraction: step / 20,
  step,
  steps: 20,
  image: 1,
  images: 1,
  etaSeconds: 3,
  previewUrl: null,
});

function read(record: JobRecord): ReadJob {
  const readAt = at(100);
  return { record, job: presentJob(record, { apiUrl: 'https://api.example.com', now: readAt }), readAt };
}

const beat = (step: number, phase?: 'inferring' | 'uploading') =>
  heartbeat({
    token: TOKEN,
    now: at(4),
    leaseSeconds: 30,
    progress: aProgress(step),
    ...(phase === undefined ? {} : { phase }),
  });

const inferring = () => done(running(), beat(3, 'inferring'));
const summary = (events: readonly TimelineEvent[]) =>
  events.map((event) => {
    const kept = event.id.split('.')[0];
    return event.type === 'status' ? `${kept} ${event.status} ${event.phase}` : `${kept} ${event.type}`;
  });
const after = (record: JobRecord, id: string) => eventsAfter(read(record), parseEventId(id) ?? START)?.events ?? [];

describe('the timeline of a job', () => {
  it('tells of each change of status and phase, of its outputs and of its end', () => {
    const events = timelineOf(read(done(done(inferring(), beat(20, 'uploading')), success)));

    expect(summary(events)).toEqual([
      '1 queued null',
      '2 running preparing',
      '3 running inferring',
      '4 running uploading',
      '5 succeeded null',
      '6 output',
      '7 end',
    ]);
    for (const event of events) expect(timelineEventSchema.parse(event)).toEqual(event);
    expect(events.at(-1)).toMatchObject({ type: 'end', at: at(9).toISOString(), job: { status: 'succeeded' } });
  });

  it('tells progress as clients see it, and of each preview once', () => {
    const previewKey = 'previews/tenant-1/job_1/1.webp';
    const record = { ...inferring(), progress: { ...aProgress(3), previewKey } };
    const signed = { url: 'https://s3.example.com/preview', expiresAt: at(3600).toISOString() };
    const signedUrls = new Map([[previewKey, signed]]);
    const job = presentJob(record, { apiUrl: 'https://api.example.com', now: at(100), signedUrls });

    const { events, position } = eventsAfter({ record, job, readAt: at(100) }, START) ?? {
      events: [],
      position: START,
    };

    expect(events.at(-1)).toMatchObject({
      type: 'progress',
      progress: { ...aProgress(3), previewUrl: signed.url },
    });
    expect(JSON.stringify(events)).not.toContain(previewKey);
    const anew = new Map([[previewKey, { ...signed, url: 'https://s3.example.com/preview?signed=again' }]]);
    const again = presentJob(record, { apiUrl: 'https://api.example.com', now: at(101), signedUrls: anew });
    expect(eventsAfter({ record, job: again, readAt: at(101) }, position)?.events).toEqual([]);
  });

  it('says why an attempt ended, and which one comes next', () => {
    const again = done(running(), endAttempt(running(), lost));

    expect(timelineOf(read(again)).at(-1)).toMatchObject({
      type: 'status',
      status: 'queued',
      attempt: 2,
      reason: 'spot_interruption',
    });
    const failed = done(running(), endAttempt(running(), failure({ retryable: false })));
    expect(timelineOf(read(failed)).slice(-2)).toMatchObject([
      { status: 'failed', reason: 'engine_error' },
      { type: 'end' },
    ]);
  });

  it.each([
    [
      'while queued',
      () => done(queuedJob(), cancel(queuedJob(), at(2))),
      ['1 queued null', '2 canceled null', '3 end'],
    ],
    [
      'while running',
      () => done(canceling(), acknowledgeCancel({ token: TOKEN, attempt: 1, now: at(7) })),
      ['1 queued null', '2 running preparing', '3 canceling preparing', '4 canceled null', '5 end'],
    ],
    [
      'too late',
      () => done(canceling(), success),
      ['1 queued null', '2 running preparing', '3 canceling preparing', '4 succeeded null', '5 output', '6 end'],
    ],
  ])('tells of a cancellation %s', (_, record, expected) => {
    expect(summary(timelineOf(read(record())))).toEqual(expected);
  });

  it('notes a phase once whose write was sent twice', () => {
    expect(summary(timelineOf(read(done(inferring(), beat(3, 'inferring')))))).toEqual([
      '1 queued null',
      '2 running preparing',
      '3 running inferring',
      '3 progress',
    ]);
  });

  it('has an end also for a job that is older than the timelines', () => {
    const old = { ...done(running(), success), timeline: [] };

    expect(summary(timelineOf(read(old)))).toEqual(['1 output', '2 end']);
    expect(summary(snapshotEvents(read(old)).events)).toEqual(['1 snapshot', '2 end']);
  });

  it('is erased with the job', () => {
    const ended = done(running(), success);

    expect(done(ended, erase(ended, at(60))).timeline).toEqual([]);
  });
});

describe('a reader that comes back', () => {
  it('is told what it does not know, and of progress only the latest', () => {
    const record = done(done(inferring(), beat(9)), beat(12));
    const events = after(record, '2');

    expect(summary(events)).toEqual(['3 running inferring', '3 progress']);
    expect(events.at(-1)).toMatchObject({ progress: { step: 12 } });
  });

  it('is not told again of the progress that it saw last', () => {
    const [first] = after(inferring(), '3');

    expect(first).toMatchObject({ type: 'progress', progress: { step: 3 } });
    expect(after(inferring(), first?.id ?? '')).toEqual([]);
    expect(summary(after(done(inferring(), beat(3, 'uploading')), first?.id ?? ''))).toEqual(['4 running uploading']);
    expect(summary(after(done(inferring(), beat(4)), first?.id ?? ''))).toEqual(['3 progress']);
  });

  it('is told of the same step again in another attempt', () => {
    const seen = after(inferring(), '3').at(-1)?.id ?? '';
    const requeued = done(inferring(), endAttempt(inferring(), lost));
    const second = { ...requeued, status: 'running', attempt: 2, progress: aProgress(3) } as const;
    const timeline = [
      ...requeued.timeline,
      { at: at(9).toISOString(), status: 'running', phase: 'preparing' } as const,
    ];

    expect(summary(after({ ...second, timeline }, seen))).toEqual([
      '4 queued null',
      '5 running preparing',
      '5 progress',
    ]);
  });

  it('can be made to wait for progress', () => {
    expect(eventsAfter(read(inferring()), { sequence: 3, progressTag: null }, { withProgress: false })).toEqual({
      events: [],
      position: { sequence: 3, progressTag: null },
      isOver: false,
    });
  });

  it('is known for one of another job when it is ahead of this one', () => {
    expect(eventsAfter(read(running()), { sequence: 3, progressTag: null })).toBeUndefined();
  });

  it('is told nothing after the end', () => {
    expect(after(done(running(), success), '5')).toEqual([]);
  });
});

describe('a new reader', () => {
  it('gets the whole job, and from there what follows', () => {
    const { events, position } = snapshotEvents(read(inferring()));

    expect(summary(events)).toEqual(['3 snapshot']);
    expect(events[0]).toMatchObject({ job: { status: 'running', progress: { step: 3 } } });
    expect(eventsAfter(read(inferring()), position)?.events).toEqual([]);
    expect(summary(eventsAfter(read(done(inferring(), success)), position)?.events ?? [])).toEqual([
      '4 succeeded null',
      '5 output',
      '6 end',
    ]);
  });

  it('gets the end at once when the job is over', () => {
    const record = done(running(), success);

    expect(summary(snapshotEvents(read(record)).events)).toEqual(['4 snapshot', '5 end']);
  });
});

describe('the id of an event', () => {
  it.each(['', 'abc', '-1', '1.', '01', '1.2', '1.GGGGGGGG', '1e3', '9999999999', '1.00000000.1'])(
    'is not %j',
    (text) => {
      expect(parseEventId(text)).toBeUndefined();
    },
  );

  it('is a count, or a count and a tag', () => {
    expect(parseEventId('0')).toEqual(START);
    expect(parseEventId('12.0abcdef9')).toEqual({ sequence: 12, progressTag: '0abcdef9' });
  });
});
