import type { JobPhase } from '@afterimage/job-schemas';
import { aRunningJob, deferred, InMemoryJobStore } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { fakeTelemetry } from '../test/support/fake-telemetry.ts';
import { settle } from '../test/support/fake-time.ts';
import { unavailable } from '../test/support/faulty.ts';
import { PhaseWriter } from './phase-writer.ts';

function aWriter() {
  const job = aRunningJob();
  const store = new InMemoryJobStore([job]);
  const written: (JobPhase | null | undefined)[] = [];
  let gate = Promise.resolve();
  const jobs = Object.assign(new InMemoryJobStore(), {
    async change(...[jobId, change]: Parameters<typeof store.change>) {
      written.push(change.set.phase);
      await gate;
      return await store.change(jobId, change);
    },
  });
  const telemetry = fakeTelemetry();
  const writer = new PhaseWriter(jobs, telemetry.log, { jobId: job.id, token: 'token-1' });
  const hold = () => {
    const held = deferred();
    gate = held.promise;
    return held;
  };
  return { writer, written, hold, telemetry, version: async () => (await store.get(job.id))?.version };
}

describe('a phase writer', () => {
  it('writes a phase once, however often it is entered', async () => {
    const { writer, written } = aWriter();

    for (const phase of ['inferring', 'inferring', 'uploading', 'uploading'] as const) {
      writer.enter(phase);
      await settle();
    }

    expect(written).toEqual(['inferring', 'uploading']);
    expect(writer.current).toBe('uploading');
  });

  it('leaves out phases that are over before they could be written', async () => {
    const { writer, written, hold } = aWriter();
    const held = hold();

    writer.enter('loading_model');
    writer.enter('inferring');
    writer.enter('uploading');
    held.resolve();
    await settle();

    expect(written).toEqual(['loading_model', 'uploading']);
  });

  it('writes nothing after it was closed, and waits for the write under way', async () => {
    const { writer, written, hold, version } = aWriter();
    const held = hold();
    writer.enter('inferring');
    const closing = writer.close();
    writer.enter('uploading');

    held.resolve();
    await closing;

    expect(written).toEqual(['inferring']);
    expect(await version()).toBe(3);
  });

  it('goes on after a write that failed', async () => {
    const { writer, written, hold, telemetry } = aWriter();
    const held = hold();
    writer.enter('inferring');
    held.reject(unavailable());
    await settle();
    hold().resolve();

    writer.enter('uploading');
    await settle();

    expect(written).toEqual(['inferring', 'uploading']);
    expect(telemetry.lines.map(({ message }) => message)).toEqual(['phase not written']);
  });
});
