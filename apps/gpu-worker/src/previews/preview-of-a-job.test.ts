import { previewKey } from '@afterimage/job-core';
import { deferred } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { aBench } from '../../test/support/bench.ts';
import { paints, type Script } from '../../test/support/fake-engine.ts';
import { pass, untilSettled } from '../../test/support/fake-time.ts';
import { LivePreviews } from './live-previews.ts';

const STEP_MS = 500;
const PICTURE = { contentType: 'image/jpeg', data: Buffer.from('picture') } as const;

function setUp(script: (bench: { wait: (ms: number) => Promise<void> }) => Script) {
  const bench = aBench({ scripts: [script({ wait: (ms) => bench.time.wait(ms) })] });
  const { time, outputs, telemetry } = bench;
  const previews = new LivePreviews({
    outputs,
    encode: async (picture) => picture,
    time,
    intervalMs: 2000,
    ...telemetry,
  });
  return { ...bench, previews, run: () => bench.process({ previews }) };
}

/** A step every half a second, and a picture with each that is wanted. */
const paintsSlowly =
  (steps: number) =>
  ({ wait }: { wait: (ms: number) => Promise<void> }): Script =>
  async (job, run) => {
    for (let step = 1; step <= steps; step += 1) {
      await wait(STEP_MS);
      run.signal.throwIfAborted();
      const preview = run.isPreviewDue?.() === true ? { preview: PICTURE } : {};
      run.onProgress({ phase: 'inferring', image: 1, images: 1, step, steps, ...preview });
    }
    await paints(job, run);
  };

describe('the preview of a job', () => {
  it('goes with the progress that is written anyway, and is gone after the end', async () => {
    const { job, jobs, clock, outputs, previews, stored, run } = setUp(paintsSlowly(12));
    const change = vi.spyOn(jobs, 'change');
    const outcome = run();

    await pass(clock, 4500);
    expect((await stored()).progress).toMatchObject({ previewUrl: null, previewKey: previewKey(job) });
    expect(outputs.objects.has(previewKey(job))).toBe(true);

    expect(await untilSettled(clock, outcome)).toEqual({ kind: 'done' });
    expect((await stored()).progress).not.toHaveProperty('previewKey');
    // Claim, a heartbeat every two seconds, commit, and the announcement.
    expect(change).toHaveBeenCalledTimes(6);
    await previews.close();
    expect([...outputs.objects.keys()]).toEqual([expect.stringContaining('outputs/')]);
  });

  it('is none when the job is shorter than the interval', async () => {
    const { clock, outputs, run } = setUp(paintsSlowly(3));
    const put = vi.spyOn(outputs, 'put');

    expect(await untilSettled(clock, run())).toEqual({ kind: 'done' });

    expect(put).toHaveBeenCalledTimes(1);
  });

  it('that the bucket refuses costs the job nothing', async () => {
    const { job, clock, outputs, stored, run } = setUp(paintsSlowly(12));
    const put = outputs.put.bind(outputs);
    vi.spyOn(outputs, 'put').mockImplementation((upload, signal) =>
      upload.key.startsWith('previews/') ? Promise.reject(new Error('AccessDenied')) : put(upload, signal),
    );

    expect(await untilSettled(clock, run())).toEqual({ kind: 'done' });

    expect(await stored()).toMatchObject({ status: 'succeeded', attempt: job.attempt, failures: 0 });
  });

  it('that hangs on its way holds up neither the engine nor the end', async () => {
    const { clock, outputs, stored, run } = setUp(paintsSlowly(6));
    const put = outputs.put.bind(outputs);
    const hangs = deferred<void>();
    vi.spyOn(outputs, 'put').mockImplementation((upload, signal) =>
      upload.key.startsWith('previews/') ? hangs.promise : put(upload, signal),
    );
    const startedAt = clock.now().getTime();

    expect(await untilSettled(clock, run())).toEqual({ kind: 'done' });

    expect(clock.now().getTime() - startedAt).toBeLessThanOrEqual(6 * STEP_MS + 200);
    expect(await stored()).toMatchObject({ status: 'succeeded' });
  });

  it('is gone after a failure too', async () => {
    const { clock, outputs, previews, run } = setUp((bench) => async (job, engine) => {
      await paintsSlowly(6)(bench)(job, { ...engine, onImage: () => Promise.reject(new Error('broken')) });
    });

    await untilSettled(clock, run());
    await previews.close();

    expect(outputs.objects.size).toBe(0);
  });
});
