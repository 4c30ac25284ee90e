import { DependencyUnavailableError } from '@afterimage/job-core';
import type { JobRecord, TaskInput } from '@afterimage/job-schemas';
import { acceptedInputSchemas, LIMITS } from '@afterimage/job-schemas';
import { EgressError } from '@afterimage/safe-egress';
import {
  aJobRecord,
  anId,
  aTextToImageInput,
  FakeClock,
  InMemoryJobStore,
  InMemoryOutputStore,
  InMemoryUploadStore,
} from '@afterimage/testing';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FetchInputsPorts, makeFetchInputs } from './fetch-inputs.ts';

const tenantId = 'tenant-1';
const uploadId = anId('upl');
const url = 'https://images.example.com/a.png?X-Amz-Signature=secret';

function png(width = 64, height = 64): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#369' } })
    .png()
    .toBuffer();
}

const imageToImage = (refs: object): TaskInput => ({
  kind: 'image-to-image',
  input: acceptedInputSchemas['image-to-image'].parse({ prompt: 'a', seed: 1, ...refs }),
});

function setUp() {
  const clock = new FakeClock();
  const jobs = new InMemoryJobStore();
  const outputs = new InMemoryOutputStore();
  const uploads = new InMemoryUploadStore();
  const fetchUrl = vi.fn<FetchInputsPorts['fetchUrl']>();
  const { signal } = new AbortController();
  const fetchInputs = makeFetchInputs({ jobs, outputs, uploads, fetchUrl, now: clock.now });
  const fetching = (request: TaskInput) => fetchInputs({ request, tenantId }, signal);
  return { clock, jobs, outputs, uploads, fetchUrl, fetchInputs, fetching };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
});

/** A succeeded job with one stored output; false keeps its file out of the bucket. */
async function aSource(overrides: Partial<JobRecord> = {}, isStored = true): Promise<JobRecord> {
  const key = `outputs/${anId('job')}/0.png`;
  const file = await png();
  const facts = { contentType: 'image/png', width: 64, height: 64, bytes: 1, sha256: '', seed: 1, thumbnailKey: null };
  const job = aJobRecord({ status: 'succeeded', dueAt: null, outputs: [{ index: 0, key, ...facts }], ...overrides });
  await world.jobs.create(job);
  if (isStored) await world.outputs.put({ key, body: file, contentType: 'image/png', sha256: '' });
  return job;
}

const failure = (isRetryable: boolean, message: RegExp) => ({
  name: 'EngineError',
  code: 'input_fetch_failed',
  isRetryable,
  message: expect.stringMatching(message),
});

describe('fetchInputs', () => {
  it('fetches an upload, an output and a URL', async () => {
    const { uploads, fetchUrl, fetching } = world;
    uploads.put(tenantId, uploadId, await png(80, 64));
    fetchUrl.mockResolvedValue({ data: await png(80, 64) });
    const source = await aSource();
    const workflow: TaskInput = {
      kind: 'workflow',
      input: { workflow: {}, images: { a: { uploadId }, b: { url }, c: { jobOutput: `${source.id}/0` } } },
    };

    const inputs = await fetching(workflow);

    expect([...inputs].map(([name, { contentType, width }]) => [name, contentType, width])).toEqual([
      ['a', 'image/png', 80],
      ['b', 'image/png', 80],
      ['c', 'image/png', 64],
    ]);
    expect(fetchUrl).toHaveBeenCalledExactlyOnceWith(url, expect.objectContaining({ maxBytes: 20 * 1024 * 1024 }));
  });

  it('fetches image and mask, and nothing that is not named', async () => {
    const { uploads, fetching } = world;
    uploads.put(tenantId, uploadId, await png());
    const upscale = { kind: 'upscale', input: { image: { uploadId }, scale: 2 } } as const;

    expect([...(await fetching(imageToImage({ image: { uploadId }, mask: { uploadId } }))).keys()]).toEqual([
      'image',
      'mask',
    ]);
    expect([...(await fetching(imageToImage({ image: { uploadId } }))).keys()]).toEqual(['image']);
    expect([...(await fetching(upscale)).keys()]).toEqual(['image']);
    expect(await fetching({ kind: 'text-to-image', input: aTextToImageInput() })).toEqual(new Map());
    expect(await fetching({ kind: 'raw', task: 'image-to-image', input: { raw: { init_images: [] } } })).toEqual(
      new Map(),
    );
  });

  it('refuses a mask of another size', async () => {
    const { uploads, fetchUrl, fetching } = world;
    uploads.put(tenantId, uploadId, await png(64, 128));
    fetchUrl.mockResolvedValue({ data: await png(128, 64) });

    await expect(fetching(imageToImage({ image: { uploadId }, mask: { url } }))).rejects.toMatchObject({
      code: 'input_invalid',
      isRetryable: false,
      message: "input.mask must be of the image's size, 64 × 128 pixels, got 128 × 64",
    });
  });

  it('refuses what is no image', async () => {
    world.fetchUrl.mockResolvedValue({ data: Buffer.from('<html>') });

    await expect(world.fetching(imageToImage({ image: { url } }))).rejects.toMatchObject({ code: 'input_invalid' });
  });
});

describe('an image that cannot be fetched', () => {
  it.each([
    ['answered', false],
    ['answered', true],
    ['forbidden', false],
    ['redirects', false],
    ['too-large', false],
    ['timeout', true],
    ['unreachable', true],
  ] as const)('by URL (%s) is tried again: %s', async (code, isTransient) => {
    world.fetchUrl.mockRejectedValue(new EgressError(code, 'the server answered', { isTransient }));

    const error = await world.fetching(imageToImage({ image: { url } })).catch((reason: Error) => reason);

    expect(error).toMatchObject(failure(isTransient, /^input\.image cannot be fetched: the server answered$/));
    expect(String(error)).not.toContain('secret');
  });

  it('of another tenant, or of nobody, is not told apart', async () => {
    const { uploads, fetching } = world;
    const theirs = await aSource({ tenantId: 'tenant-2' });
    uploads.put('tenant-2', uploadId, await png());

    await expect(fetching(imageToImage({ image: { uploadId } }))).rejects.toMatchObject(
      failure(false, /there is no upload upl_/),
    );
    for (const jobId of [theirs.id, anId('job')]) {
      const mask = { jobOutput: `${jobId}/0` };
      await expect(fetching(imageToImage({ image: mask, mask }))).rejects.toMatchObject(
        failure(false, new RegExp(`there is no job ${jobId}$`)),
      );
    }
  });

  it.each<[string, RegExp, Partial<JobRecord>]>([
    ['that failed', /has not succeeded: failed$/, { status: 'failed' }],
    ['that still runs', /has not succeeded: running$/, { status: 'running' }],
    ['without that output', /has no output 0$/, { outputs: [] }],
    ['that has expired', /have expired$/, { expiresAt: '2026-01-02T03:04:05.678Z' }],
  ])('of a job %s', async (_, message, overrides) => {
    const source = await aSource(overrides);

    await expect(world.fetching(imageToImage({ image: { jobOutput: `${source.id}/0` } }))).rejects.toMatchObject(
      failure(false, message),
    );
  });

  it('of a job whose file is gone has expired', async () => {
    const source = await aSource({}, false);

    await expect(world.fetching(imageToImage({ image: { jobOutput: `${source.id}/0` } }))).rejects.toMatchObject(
      failure(false, /have expired$/),
    );
  });

  it('because it is a byte too large names the limit', async () => {
    world.uploads.put(tenantId, uploadId, Buffer.alloc(LIMITS.inputImageBytes + 1));

    await expect(world.fetching(imageToImage({ image: { uploadId } }))).rejects.toMatchObject(
      failure(false, /larger than 20971520 bytes$/),
    );
  });

  it('because a store is away is tried again', async () => {
    vi.spyOn(world.uploads, 'get').mockRejectedValue(new DependencyUnavailableError('the inputs bucket is away'));

    await expect(world.fetching(imageToImage({ image: { uploadId } }))).rejects.toMatchObject(
      failure(true, /the store cannot be read now$/),
    );
  });

  it('ends the fetching of the others', async () => {
    let others: AbortSignal | undefined;
    world.fetchUrl.mockImplementation((_, { signal }) => {
      others = signal;
      return Promise.withResolvers<never>().promise;
    });

    await expect(world.fetching(imageToImage({ image: { uploadId }, mask: { url } }))).rejects.toMatchObject(
      failure(false, /^input\.image/),
    );

    expect(others?.aborted).toBe(true);
  });

  it('because the attempt ended has the reason of that', async () => {
    const control = new AbortController();
    const reason = new Error('canceled');
    world.fetchUrl.mockImplementation(async (_, { signal }) => {
      control.abort(reason);
      signal.throwIfAborted();
      return { data: Buffer.alloc(0) };
    });
    const request = imageToImage({ image: { url } });

    await expect(world.fetchInputs({ request, tenantId }, control.signal)).rejects.toBe(reason);
    await expect(world.fetchInputs({ request, tenantId }, control.signal)).rejects.toBe(reason);
  });
});
