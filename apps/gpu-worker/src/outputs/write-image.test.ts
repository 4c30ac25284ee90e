import { createHash } from 'node:crypto';
import type { OutputUpload } from '@afterimage/job-core';
import type { StoredOutput } from '@afterimage/job-schemas';
import { aRunningJob, deferred, FakeClock, InMemoryOutputStore, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { fakeTime, settle, untilSettled } from '../../test/support/fake-time.ts';
import type { EngineImage } from '../engines/engine.ts';
import type { EncodedImage } from './store-image.ts';
import { makeWriteImage, type WriteImagePorts, type WrittenImage } from './write-image.ts';

const job = aRunningJob({ attempt: 2 });
const { signal } = new AbortController();
const size = { width: 64, height: 64 };
const anImage = (index: number): EngineImage => ({
  index,
  seed: 40 + index,
  ...size,
  pixels: { kind: 'raw-rgb', data: new Uint8Array(3) },
});
const aFile = (index: number): EncodedImage => ({
  data: Buffer.from(`image ${index}`),
  contentType: 'image/png',
  ...size,
});
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');

function setUp(changes: Partial<WriteImagePorts> = {}) {
  const clock = new FakeClock();
  const outputs = new InMemoryOutputStore();
  const telemetry = recordingTelemetry();
  const encode = vi.fn<WriteImagePorts['encode']>(async ({ index }: EngineImage) => aFile(index));
  const ports = { outputs, encode, time: fakeTime(clock), random: () => 0.5, ...telemetry, ...changes };
  return { clock, outputs, encode, telemetry, writeImage: makeWriteImage(ports) };
}

describe('writeImage', () => {
  it('stores the image under a key of its attempt, with its checksum', async () => {
    const { outputs, writeImage } = setUp();

    const output = await (await writeImage(job, anImage(1), signal)).stored;

    const key = `outputs/${job.tenantId}/${job.id}/2/1.png`;
    expect(output).toEqual({
      index: 1,
      key,
      contentType: 'image/png',
      ...size,
      bytes: 7,
      sha256: sha256('image 1'),
      seed: 41,
      thumbnailKey: null,
    });
    expect([...outputs.objects.keys()]).toEqual([key]);
    expect(outputs.objects.get(key)?.sha256).toBe(output.sha256);
  });

  it('stores the thumbnail beside it, with a checksum of its own, the same when it is done twice', async () => {
    const thumbnail = Buffer.from('thumb');
    const { outputs, writeImage } = setUp({ encode: async ({ index }) => ({ ...aFile(index), thumbnail }) });

    const first = await (await writeImage(job, anImage(0), signal)).stored;
    const second = await (await writeImage(job, anImage(0), signal)).stored;

    const key = `outputs/${job.tenantId}/${job.id}/2/0-thumb.webp`;
    expect(first.thumbnailKey).toBe(key);
    expect(second).toEqual(first);
    expect(outputs.objects.size).toBe(2);
    expect(outputs.objects.get(key)).toMatchObject({ contentType: 'image/webp', sha256: sha256('thumb') });
  });

  it('holds an engine up that is faster than the bucket: two images are under way, not three', async () => {
    const puts: { upload: OutputUpload; done: () => void }[] = [];
    const put = (upload: OutputUpload) => {
      const { promise, resolve } = deferred();
      puts.push({ upload, done: () => resolve() });
      return promise;
    };
    const { encode, writeImage } = setUp({ outputs: { put } });

    const written = [0, 1, 2, 3].map((index) => writeImage(job, anImage(index), signal));
    await settle();
    expect(encode).toHaveBeenCalledTimes(2);

    puts[1]?.done();
    await settle();
    expect(encode).toHaveBeenCalledTimes(3);
    expect(puts.map(({ upload }) => upload.key.at(-5))).toEqual(['0', '1', '2']);

    puts[0]?.done();
    puts[2]?.done();
    await settle();
    puts[3]?.done();
    const outputs = await Promise.all(written.map(async (image) => (await image).stored));
    expect(outputs.map(({ index }: StoredOutput) => index)).toEqual([0, 1, 2, 3]);
  });

  it('encodes one image at a time, while another goes up', async () => {
    const encodings = [0, 1, 2].map(() => deferred<EncodedImage>());
    const begun: number[] = [];
    const { outputs, writeImage } = setUp({
      encode: ({ index }) => {
        begun.push(index);
        return (encodings[index] ?? deferred<EncodedImage>()).promise;
      },
    });
    const written = [0, 1, 2].map((index) => writeImage(job, anImage(index), signal));
    await settle();
    expect(begun).toEqual([0]);

    encodings[0]?.resolve(aFile(0));
    await settle();
    expect(begun).toEqual([0, 1]);
    expect(outputs.objects.size).toBe(1);

    for (const index of [1, 2]) encodings[index]?.resolve(aFile(index));
    await Promise.all(written.map(async (image) => (await image).stored));
    expect(outputs.objects.size).toBe(3);
  });

  it('frees the place of an image that cannot be encoded, or cannot be stored', async () => {
    const put = vi
      .fn<WriteImagePorts['outputs']['put']>()
      .mockRejectedValueOnce(new Error('no'))
      .mockResolvedValue(undefined);
    const { clock, encode, telemetry, writeImage } = setUp({ outputs: { put } });
    encode.mockRejectedValueOnce(new Error('torn')).mockRejectedValueOnce(new Error('torn'));

    for (const index of [0, 1]) {
      await expect((await writeImage(job, anImage(index), signal)).stored).rejects.toThrow('torn');
    }
    const third: WrittenImage = await writeImage(job, anImage(2), signal);
    await untilSettled(clock, third.stored);
    expect(telemetry.lines.map(({ message }) => message)).toEqual(['upload failed, trying again']);

    put.mockReset().mockRejectedValue(new Error('never'));
    const lost = await Promise.all([3, 4].map((index) => writeImage(job, anImage(index), signal)));
    await untilSettled(clock, Promise.allSettled(lost.map(({ stored }) => stored)));
    await expect(lost[0]?.stored).rejects.toThrow(`an image of ${job.id} could not be stored`);
    put.mockReset().mockResolvedValue(undefined);
    await expect((await writeImage(job, anImage(5), signal)).stored).resolves.toMatchObject({ index: 5 });
  });

  it('lets nobody wait for an image of an attempt that ended', async () => {
    const put = () => Promise.withResolvers<void>().promise;
    const { writeImage } = setUp({ outputs: { put } });
    const control = new AbortController();
    await writeImage(job, anImage(0), control.signal);
    await writeImage(job, anImage(1), control.signal);
    await settle();

    const third = writeImage(job, anImage(2), control.signal);
    control.abort(new Error('the lease is lost'));

    await expect(third).rejects.toThrow('the lease is lost');
  });
});
