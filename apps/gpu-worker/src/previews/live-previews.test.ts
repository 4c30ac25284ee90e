import { previewKey } from '@afterimage/job-core';
import { aRunningJob, deferred, FakeClock, InMemoryOutputStore, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { fakeTime, pass, settle } from '../../test/support/fake-time.ts';
import { METRIC } from '../metrics.ts';
import { LivePreviews, type LivePreviewsPorts } from './live-previews.ts';

const job = aRunningJob({ attempt: 2 });
const KEY = previewKey(job);
const aPicture = (text: string) => ({ contentType: 'image/png', data: Buffer.from(text) }) as const;

function setUp(changes: Partial<LivePreviewsPorts> = {}) {
  const clock = new FakeClock();
  const outputs = new InMemoryOutputStore();
  const put = vi.spyOn(outputs, 'put');
  const telemetry = recordingTelemetry();
  const previews = new LivePreviews({
    outputs,
    encode: async (picture) => picture,
    time: fakeTime(clock),
    intervalMs: 2000,
    ...telemetry,
    ...changes,
  });
  const preview = previews.open(job);
  preview.begin();
  const shown = () => Buffer.from(outputs.objects.get(KEY)?.body ?? []).toString();
  return { clock, outputs, put, telemetry, previews, preview, shown };
}

describe('a live preview', () => {
  it('is under a key of its attempt, apart from the outputs', () => {
    expect(KEY).toBe(`previews/${job.tenantId}/${job.id}/2.webp`);
  });

  it('is none of a job that is shorter than the interval', async () => {
    const { clock, outputs, put, preview } = setUp();
    const remove = vi.spyOn(outputs, 'delete');

    await pass(clock, 1900);
    expect(preview.isDue()).toBe(false);
    preview.offer(aPicture('early'));
    preview.end();
    preview.remove();
    await pass(clock, 10_000);

    expect(put).not.toHaveBeenCalled();
    expect(remove).not.toHaveBeenCalled();
    expect(preview.key).toBeUndefined();
  });

  it('comes once an interval, and takes the place of the one before', async () => {
    const { clock, put, preview, shown } = setUp();

    for (let step = 1; step <= 65; step += 1) {
      await pass(clock, 100);
      preview.offer(aPicture(`step ${step}`));
      await settle();
    }

    expect(put).toHaveBeenCalledTimes(3);
    expect(put.mock.calls.map(([{ key, contentType }]) => [key, contentType])).toEqual(
      Array.from({ length: 3 }, () => [KEY, 'image/webp']),
    );
    expect(shown()).toBe('step 60');
    expect(preview.key).toBe(KEY);
  });

  it('is never two at a time, however long one takes', async () => {
    const gate = deferred<void>();
    const encode = vi.fn<LivePreviewsPorts['encode']>(async (picture) => {
      await gate.promise;
      return picture;
    });
    const { clock, preview, shown } = setUp({ encode });
    await pass(clock, 2000);

    preview.offer(aPicture('slow'));
    await pass(clock, 20_000);
    preview.offer(aPicture('next'));
    expect(encode).toHaveBeenCalledTimes(1);
    gate.resolve();
    await settle();

    expect(shown()).toBe('slow');
    expect(preview.isDue()).toBe(true);
  });

  it('is none where previews are off', async () => {
    const { clock, preview } = setUp({ intervalMs: 0 });

    await pass(clock, 60_000);

    expect(preview.isDue()).toBe(false);
  });

  it.each([
    ['made', { encode: () => Promise.reject(new Error('no picture')) }],
    ['stored', { outputs: { put: () => Promise.reject(new Error('AccessDenied')), delete: async () => undefined } }],
  ])('that cannot be %s is counted, and given up after three', async (_what, changes) => {
    const { clock, telemetry, preview } = setUp(changes);

    for (let tries = 0; tries < 8; tries += 1) {
      await pass(clock, 2000);
      preview.offer(aPicture('any'));
      await settle();
    }

    expect(telemetry.counts.get(METRIC.previewErrors)).toBe(3);
    expect(preview.key).toBeUndefined();
    expect(preview.isDue()).toBe(false);
  });

  it('does not come after the end, though it was being made', async () => {
    const gate = deferred<void>();
    const { clock, put, preview } = setUp({
      encode: async (picture) => {
        await gate.promise;
        return picture;
      },
    });
    await pass(clock, 2000);
    preview.offer(aPicture('late'));

    preview.end();
    gate.resolve();
    await settle();

    expect(put).not.toHaveBeenCalled();
  });

  it('is deleted a little after the end, and called off on its way', async () => {
    const { clock, outputs, put, telemetry, preview } = setUp();
    await pass(clock, 2000);
    preview.offer(aPicture('first'));
    await pass(clock, 2000);
    put.mockImplementation(
      (_upload, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
    );
    preview.offer(aPicture('hangs'));
    await settle();

    preview.remove();
    await settle();
    expect(outputs.objects.has(KEY)).toBe(true);
    await pass(clock, 5000);

    expect(outputs.objects.has(KEY)).toBe(false);
    expect(telemetry.counts.get(METRIC.previewErrors)).toBeUndefined();
  });

  it('is deleted at once when the worker ends', async () => {
    const { clock, outputs, previews, preview } = setUp();
    await pass(clock, 2000);
    preview.offer(aPicture('any'));
    await settle();
    preview.remove();

    await previews.close();

    expect(outputs.objects.size).toBe(0);
  });

  it('that cannot be deleted is left to the bucket', async () => {
    const { clock, outputs, telemetry, previews, preview } = setUp();
    await pass(clock, 2000);
    preview.offer(aPicture('any'));
    await settle();
    vi.spyOn(outputs, 'delete').mockRejectedValue(new Error('S3 is away'));
    preview.remove();

    await previews.close();

    expect(telemetry.counts.get(METRIC.previewErrors)).toBe(1);
  });
});
