import type { JobRecord, TimelineEvent } from '@afterimage/job-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Happening, LifecycleWorld, type WorkerStep } from '../../test/lifecycle-world.ts';
import { at } from '../../test/queued-job.ts';
import { presentJob } from '../use-cases/present-job.ts';
import { parseEventId, START } from './event-position.ts';
import { eventsAfter, type ReadJob, snapshotEvents, timelineOf } from './timeline-events.ts';

const steps = fc.constantFrom<WorkerStep>('heartbeat', 'phase', 'phase', 'fail', 'release', 'acknowledge', 'succeed');
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time passes' as const), seconds: fc.constant(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      worker: fc.constant(0),
      attemptOffset: fc.constant(0),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('work' as const), worker: fc.constant(0), step: steps }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), isStale: fc.constant(false) }) },
);

/** What happens to the job, then one look at it, of which the reader gets the first events only when it is cut off. */
const schedules = fc.array(
  fc.record({
    meanwhile: fc.array(happenings, { maxLength: 6 }),
    step: fc.nat({ max: 4 }),
    withProgress: fc.boolean(),
    cutAfter: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 30 },
);

function look(record: JobRecord, step: number): ReadJob {
  const progress = { fraction: step / 4, step, steps: 4, image: 1, images: 1, etaSeconds: null, previewUrl: null };
  const isAtWork = record.status === 'running' || record.status === 'canceling';
  const seen = { ...record, progress: isAtWork ? progress : null };
  return { record: seen, job: presentJob(seen, { apiUrl: 'https://api.example.com', now: at(0) }), readAt: at(0) };
}

/** Everything that a reader gets of a job that lives through the schedule, over all of its connections. */
function readThrough(world: LifecycleWorld, schedule: typeof schedules extends fc.Arbitrary<infer S> ? S : never) {
  const got: TimelineEvent[] = [];
  for (const { meanwhile, step, withProgress, cutAfter } of schedule) {
    for (const happening of meanwhile) world.happen(happening);
    // Every look may be that of another connection: all that the reader brings along is the id.
    const from = parseEventId(got.at(-1)?.id ?? '0') ?? START;
    const { events } = eventsAfter(look(world.job, step), from, { withProgress }) ?? { events: [] };
    got.push(...events.slice(0, cutAfter));
  }
  const from = parseEventId(got.at(-1)?.id ?? '0') ?? START;
  got.push(...(eventsAfter(look(world.job, 0), from)?.events ?? []));
  return got;
}

const withoutIds = (events: readonly TimelineEvent[]) =>
  events.filter(({ type }) => type !== 'progress').map(({ id: _id, ...event }) => event);

describe('whenever a reader looks and however often it is cut off, it gets', () => {
  it('each kept event once and in order', () => {
    let ended = 0;
    fc.assert(
      fc.property(schedules, (schedule) => {
        const world = new LifecycleWorld();
        const got = readThrough(world, schedule);

        expect(withoutIds(got)).toEqual(withoutIds(timelineOf(look(world.job, 0))));
        if (isTerminal(world.job.status)) ended += 1;
      }),
      { numRuns: 500 },
    );
    expect(ended).toBeGreaterThan(50);
  });

  it('no progress twice in a row, and none of an attempt that is over', () => {
    let seen = 0;
    fc.assert(
      fc.property(schedules, (schedule) => {
        const got = readThrough(new LifecycleWorld(), schedule);
        let last: number | undefined;
        let isAtWork = false;
        for (const event of got) {
          if (event.type === 'status') isAtWork = event.status === 'running' || event.status === 'canceling';
          if (event.type === 'status' && event.status === 'queued') last = undefined;
          if (event.type !== 'progress') continue;
          expect(isAtWork).toBe(true);
          expect(event.progress.step).not.toBe(last);
          last = event.progress.step;
          seen += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('after a snapshot exactly what came later', () => {
    fc.assert(
      fc.property(schedules, schedules, (before, later) => {
        const world = new LifecycleWorld();
        readThrough(world, before);
        const snapshot = snapshotEvents(look(world.job, 0));
        const known = timelineOf(look(world.job, 0)).filter(({ type }) => type !== 'progress');
        readThrough(world, later);
        const rest = eventsAfter(look(world.job, 0), snapshot.position)?.events ?? [];

        const all = timelineOf(look(world.job, 0));
        expect(withoutIds(rest)).toEqual(withoutIds(all).slice(known.length));
      }),
    );
  });
});
