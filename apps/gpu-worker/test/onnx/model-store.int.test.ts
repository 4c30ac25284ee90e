import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3Client } from '@afterimage/job-aws';
import { modelFiles, type ModelOptions } from '@afterimage/model-fixture';
import { silentLog } from '@afterimage/testing';
import { contractEndpoints, startEmbeddedAws, uniqueName } from '@afterimage/testing/embedded-aws';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskSpace } from '../../src/engines/onnx/store/disk-space.ts';
import { DownloadedModelStore } from '../../src/engines/onnx/store/downloaded-model-store.ts';
import type { ModelSource } from '../../src/engines/onnx/store/model-source.ts';
import { parseS3Url, S3ModelSource } from '../../src/engines/onnx/store/model-source-s3.ts';
import { aJobOf, collect, OnnxWorld, pixelsOf, textToImage } from './support.ts';

const aws = await startEmbeddedAws(contractEndpoints(process.env));
const s3 = createS3Client(aws.options.s3);
const { signal } = new AbortController();
let bucket: string;
let cache: string;
let world: OnnxWorld;

afterAll(async () => {
  s3.destroy();
  await aws.stop();
});
beforeEach(async () => {
  bucket = await aws.createBucket(uniqueName('models'));
  world = new OnnxWorld();
  cache = mkdtempSync(join(tmpdir(), 'model-cache-'));
});
afterEach(async () => {
  rmSync(cache, { recursive: true, force: true });
  await world.stop();
});

type Files = Readonly<Record<string, string | Uint8Array>>;

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const sumsOf = (files: Files) =>
  Object.entries(files)
    .map(([path, content]) => `${sha256(content)}  ${path}\n`)
    .join('');

/** Puts a model into the bucket as its owner would; returns its size in bytes. */
async function upload(id: string, options: ModelOptions = {}, change: Files = {}): Promise<number> {
  const files = modelFiles({ channels: 8, ...options });
  for (const [path, Body] of Object.entries({ ...files, SHA256SUMS: sumsOf(files), ...change })) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `sd/${id}/${path}`, Body }));
  }
  return Object.values(files).reduce((sum, file) => sum + file.length, 0);
}

/** The source with a count of the files that were read from it. */
function counted() {
  const source = new S3ModelSource(s3, { bucket, prefix: 'sd/' });
  const reads: string[] = [];
  const counting: ModelSource = {
    name: source.name,
    ids: (each) => source.ids(each),
    sizes: (id, each) => source.sizes(id, each),
    read: (id, path, each) => {
      reads.push(path);
      return source.read(id, path, each);
    },
  };
  return { source: counting, reads };
}

function aStore(options: Partial<ConstructorParameters<typeof DownloadedModelStore>[0]> = {}): DownloadedModelStore {
  const defaults = { source: counted().source, cache, space: new DiskSpace(cache), loadSeconds: 60 };
  return new DownloadedModelStore({ ...defaults, log: silentLog, now: () => new Date(), ...options });
}

/** Folders of models, whole or not. */
const kept = () =>
  readdirSync(cache).flatMap((id) => readdirSync(join(cache, id)).map((version) => `${id}/${version}`));

describe('models in S3', () => {
  it('are listed, and run as those of a folder do', async () => {
    await upload('tiny');
    await upload('tiny-xl', { family: 'sdxl' });
    world.write('tiny');
    const store = aStore();
    expect(await store.list(signal)).toEqual([
      { id: 'tiny', tasks: ['text-to-image', 'image-to-image'] },
      { id: 'tiny-xl', tasks: ['text-to-image', 'image-to-image'] },
    ]);
    const job = aJobOf(textToImage(), { model: 'tiny' });
    expect(await pixelsOf(world.engine({ models: store }), job)).toEqual(await pixelsOf(world.engine(), job));
  });

  it('are downloaded once, by two jobs at a time and by a worker that comes later', async () => {
    await upload('tiny');
    const { source, reads } = counted();
    const store = aStore({ source });
    const [first, second] = await Promise.all([store.open('tiny', signal), store.open('tiny', signal)]);
    expect(second).toBe(first);
    expect(await aStore({ source }).open('tiny', signal)).toBe(first);
    expect(reads.filter((path) => path === 'unet/model.onnx')).toHaveLength(1);
    expect(kept()).toHaveLength(1);
  });

  it('are downloaded anew in a new version', async () => {
    await upload('tiny');
    const before = await aStore().open('tiny', signal);
    await upload('tiny', { seed: 2 });
    const after = await aStore().open('tiny', signal);
    expect(after).not.toBe(before);
    expect(kept()).toHaveLength(2);
  });

  it('are not taken with a file that is not what its checksum says', async () => {
    await upload('tiny', {}, { 'unet/model.onnx': 'something else' });
    await expect(aStore().open('tiny', signal)).rejects.toMatchObject({
      code: 'model_load_failed',
      isRetryable: true,
      message: expect.stringMatching(
        /^s3:\/\/models.*\/sd\/tiny\/unet\/model\.onnx: its SHA-256 is \w{64} instead of \w{64}$/,
      ),
    });
    expect(kept()).toEqual([]);
  });

  it.each([
    [{ SHA256SUMS: `${'0'.repeat(64)}  ../../../escape` }, 'line 1 names a path that may not be written'],
    [{ SHA256SUMS: 'nonsense' }, 'SHA256SUMS: line 1 is not'],
    [
      { SHA256SUMS: `${'0'.repeat(64)}  model_index.json\n${'0'.repeat(64)}  gone.onnx` },
      '/tiny/gone.onnx: the file is missing',
    ],
  ])('are not taken with a wrong list of files: %#', async (change, message) => {
    await upload('tiny', {}, change);
    await expect(aStore().open('tiny', signal)).rejects.toThrow(message);
    expect(kept()).toEqual([]);
  });

  it.each(['unknown', '../tiny', '..', '', 'tiny/unet'])('do not have %j', async (id) => {
    await upload('tiny');
    await expect(aStore().open(id, signal)).rejects.toMatchObject({ code: 'model_load_failed', isRetryable: false });
  });

  it('are not begun to be downloaded without the space for them', async () => {
    await upload('tiny');
    const { source, reads } = counted();
    const store = aStore({ source, space: new DiskSpace(cache, async () => 64 * 1024 * 1024 + 1000) });
    await expect(store.open('tiny', signal)).rejects.toMatchObject({
      code: 'model_load_failed',
      message: expect.stringMatching(/the model tiny takes 0\.00 GB, but 0\.07 GB are free$/),
    });
    expect(reads).toEqual(['SHA256SUMS']);
    expect(kept()).toEqual([]);
  });

  it('make room for others, the one used least lately first', async () => {
    const bytes = await upload('a');
    await upload('b', { seed: 2 });
    await upload('c', { seed: 3 });
    const room = () =>
      2.5 * bytes + 64 * 1024 * 1024 - kept().filter((each) => !each.includes('.partial')).length * bytes;
    const store = aStore({ space: new DiskSpace(cache, async () => room()) });
    const first = await store.open('a', signal);
    utimesSync(first, new Date(0), new Date(0));
    await store.open('b', signal);
    await store.open('c', signal);
    expect(kept().map((each) => each.split('/')[0])).toEqual(['b', 'c']);
  });

  it('leave nothing behind when the job ends meanwhile, or another worker died', async () => {
    await upload('tiny');
    const abort = new AbortController();
    const { source } = counted();
    const slow: ModelSource = {
      ...source,
      read: async (id, path, each) => {
        if (path === 'unet/model.onnx') abort.abort(new Error('canceled'));
        return source.read(id, path, each);
      },
    };
    const stale = join(cache, 'tiny', '.partial-old');
    mkdirSync(stale, { recursive: true });
    utimesSync(stale, new Date(0), new Date(0));
    await expect(aStore({ source: slow }).open('tiny', abort.signal)).rejects.toThrow('canceled');
    expect(kept()).toEqual([]);
    expect(statSync(await aStore().open('tiny', signal)).isDirectory()).toBe(true);
  });

  it('that cannot be reached fail the job as retryable', async () => {
    const models = aStore({ source: new S3ModelSource(s3, { bucket: 'nowhere-at-all', prefix: '' }) });
    await expect(collect(world.engine({ models }), aJobOf(textToImage()))).rejects.toMatchObject({
      code: 'model_load_failed',
      isRetryable: true,
      message: 's3://nowhere-at-all/sd: cannot be loaded',
    });
  });
});

describe('a place of models', () => {
  it.each([
    ['s3://models', { bucket: 'models', prefix: '' }],
    ['s3://models/', { bucket: 'models', prefix: '' }],
    ['s3://models/sd/v1/', { bucket: 'models', prefix: 'sd/v1/' }],
    ['/srv/models', undefined],
    ['s3:/models', undefined],
  ])('%s', (url, expected) => {
    expect(parseS3Url(url)).toEqual(expected);
  });
});
