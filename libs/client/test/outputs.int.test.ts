import { readdir, readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aJob, anOutput, type FakeApi, JOB_ID } from '@afterimage/testing/fake-api';
import { IntegrityError } from '../src/index.ts';
import type { FileOutput } from '../src/node/index.ts';
import { aClient, anApi, API_KEY, jobReply } from './a-client.ts';

const PICTURE = new TextEncoder().encode('not really a picture');
const CONTENT = `/v1/jobs/${JOB_ID}/outputs/0/content`;
const SIGNED = '/bucket/key?signature=s';

interface Scene {
  readonly api: FakeApi;
  readonly bucket: FakeApi;
  readonly output: FileOutput;
}

/** A finished job whose output is in a bucket of another origin. */
async function aScene(options: Parameters<typeof aClient>[1] = {}): Promise<Scene> {
  const [api, bucket] = [await anApi(), await anApi()];
  const output = anOutput(PICTURE, api.url + CONTENT, { url: bucket.url + SIGNED });
  api.on(`GET /v1/jobs/${JOB_ID}`, jobReply(aJob({ status: 'succeeded', version: 3, outputs: [output] })));
  api.on(`GET ${CONTENT}`, { status: 302, headers: { location: bucket.url + SIGNED } });
  bucket.on(`GET ${SIGNED}`, { status: 200, body: PICTURE });
  const [first] = (await aClient(api, options).client.jobs.get(JOB_ID)).outputs;
  if (first === undefined) throw new Error('the job has no output');
  return { api, bucket, output: first };
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('an output', () => {
  test('is bytes, a blob, and a file with its name', async () => {
    const { output } = await aScene();
    expect(await output.bytes()).toEqual(PICTURE);
    const blob = await output.blob();
    expect([blob.type, await blob.text()]).toEqual(['image/png', 'not really a picture']);
    const path = join(await aFolder(), 'new', 'folder', output.fileName);
    expect(await output.toFile(path)).toBe(path);
    expect(await readFile(path)).toEqual(Buffer.from(PICTURE));
    expect(path.endsWith(`${JOB_ID}-0.png`)).toBe(true);
  });

  test('does not take the key to the bucket', async () => {
    const { api, bucket, output } = await aScene();
    await output.bytes();
    expect(api.requestsTo(`GET ${CONTENT}`)[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`);
    expect(JSON.stringify(bucket.requests)).not.toContain(API_KEY);
  });

  test('does not send the key to a contentUrl of another origin', async () => {
    const [api, other] = [await anApi(), await anApi()];
    const outputs = [anOutput(PICTURE, other.url + CONTENT)];
    api.on(`GET /v1/jobs/${JOB_ID}`, jobReply(aJob({ status: 'succeeded', outputs })));
    other.on(`GET ${CONTENT}`, { status: 200, body: PICTURE });
    const handle = await aClient(api).client.jobs.get(JOB_ID);
    expect(await handle.outputs[0]?.bytes()).toEqual(PICTURE);
    expect(JSON.stringify(other.requests)).not.toContain(API_KEY);
  });

  test('comes by a fresh signed URL where the runtime hides redirects, as browsers do', async () => {
    const { api, bucket, output } = await aScene({
      async fetch(input, init) {
        const response = await fetch(input, init);
        if (response.status !== 302) return response;
        return Object.defineProperties(new Response(null), {
          type: { value: 'opaqueredirect' },
          status: { value: 0 },
          ok: { value: false },
        });
      },
    });
    expect(await output.bytes()).toEqual(PICTURE);
    expect(api.requestsTo(`GET /v1/jobs/${JOB_ID}`)).toHaveLength(2);
    expect(JSON.stringify(bucket.requests)).not.toContain(API_KEY);
  });

  test('is fetched again when the connection breaks or the store is busy', async () => {
    const { api, bucket, output } = await aScene();
    bucket.on(`GET ${SIGNED}`, 'drop', { status: 503 }, { status: 200, body: PICTURE });
    expect(await output.bytes()).toEqual(PICTURE);
    expect(api.requestsTo(`GET ${CONTENT}`)).toHaveLength(3);
  });

  test('that has expired is an ApiError', async () => {
    const { api, output } = await aScene();
    api.on(`GET ${CONTENT}`, {
      status: 410,
      body: { title: 'Output expired', code: 'output-expired', detail: 'gone' },
    });
    await expect(output.bytes()).rejects.toMatchObject({ code: 'output-expired', status: 410 });
  });

  test.each([
    ['other bytes of the same number', PICTURE.toReversed(), 'SHA-256'],
    ['fewer bytes', PICTURE.subarray(1), 'should have 20 bytes, not 19'],
    ['more bytes', Buffer.concat([PICTURE, PICTURE]), 'should have 20 bytes, not 40'],
  ])('of %s is refused, and no file is left', async (_what, served, reason) => {
    const { bucket, output } = await aScene();
    const folder = await aFolder();
    bucket.on(`GET ${SIGNED}`, { status: 200, body: served });
    const error: unknown = await output.toFile(join(folder, 'a.png')).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(IntegrityError);
    expect(String(error)).toContain(reason);
    expect(await readdir(folder)).toEqual([]);
    expect(bucket.requests).toHaveLength(1);
  });

  test('leaves nothing behind where it cannot be written', async () => {
    const { output } = await aScene();
    const folder = await aFolder();
    await writeFile(join(folder, 'file'), 'in the way');
    await expect(output.toFile(join(folder, 'file', 'a.png'))).rejects.toMatchObject({ syscall: 'mkdir' });
    await expect(output.toFile(folder)).rejects.toMatchObject({ syscall: 'rename' });
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('is not fetched after a signal', async () => {
    const { bucket, output } = await aScene();
    await expect(output.blob({ signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(bucket.requests).toEqual([]);
  });
});
