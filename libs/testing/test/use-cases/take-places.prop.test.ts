import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTakePlaces } from '@afterimage/job-core';
import { aJobRecord, FakeClock, InMemoryJobPlaces, InMemoryJobStore } from '../../src/index.ts';

const LIMIT = 5;

/** What can happen between a place and the end of its job. */
const stepArbitrary = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), process: fc.nat(2) }),
  fc.record({ kind: fc.constant('crash' as const), process: fc.nat(2) }),
  fc.record({ kind: fc.constant('leave' as const), index: fc.nat(20) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(6000) }),
);

it('no drift: never more jobs than the limit, and room is found again whatever crashed', async () => {
  const property = fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 60 }), async (steps) => {
    const clock = new FakeClock();
    const jobs = new InMemoryJobStore();
    const places = new InMemoryJobPlaces(jobs);
    const processes = Array.from({ length: 3 }, () => makeTakePlaces({ places, now: clock.now }));
    const wanted = { tenantId: 'tenant-1', kind: 'queued', count: 1, limit: LIMIT } as const;
    const queued = () => jobs.all().filter(({ status }) => status === 'queued');
    const leave = { guard: { status: ['queued'] }, set: { status: 'running' }, bumpsVersion: false } as const;

    for (const step of steps) {
      if (step.kind === 'wait') clock.advance(step.ms);
      if (step.kind === 'leave') await jobs.change(queued()[step.index]?.id ?? '', leave);
      if (step.kind === 'create' || step.kind === 'crash') {
        const answer = await processes[step.process]?.(wanted);
        if (answer?.isTaken === true && step.kind === 'create') await jobs.create(aJobRecord());
      }
      expect(queued().length).toBeLessThanOrEqual(LIMIT);
    }

    for (const { id } of queued()) await jobs.change(id, leave);
    clock.advance(5000);
    for (const takePlaces of processes.slice(0, 1)) expect(await takePlaces(wanted)).toEqual({ isTaken: true });
  });
  await fc.assert(property, { numRuns: 200 });
});
