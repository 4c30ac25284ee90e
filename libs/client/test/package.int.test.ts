import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { aJob, anOutput, type FakeApi, JOB_ID } from '@afterimage/testing/fake-api';
import { anApi, API_KEY, jobReply } from './a-client.ts';
import { type Consumer, findChromium, findHostNode, installPackage, workspace } from './installed-package.ts';

const PICTURE = new TextEncoder().encode('not really a picture');
const CONTENT = `/v1/jobs/${JOB_ID}/outputs/0/content`;
const hostNode = findHostNode();
const chromiumPath = findChromium();

let consumer: Consumer;
beforeAll(async () => {
  consumer = await installPackage();
});
afterAll(() => consumer[Symbol.asyncDispose]());

/** An API that makes one picture, which is in a bucket of another origin that browsers may read. */
async function aStudio(): Promise<{ readonly api: FakeApi; readonly bucket: FakeApi }> {
  const [api, bucket] = [await anApi(), await anApi()];
  const file = `${bucket.url}/file?signature=s`;
  const outputs = [anOutput(PICTURE, api.url + CONTENT, { url: file })];
  api.on('POST /v1/jobs', { status: 202, headers: { etag: 'W/"1"' }, body: aJob() });
  api.on(`GET /v1/jobs/${JOB_ID}`, jobReply(aJob({ status: 'succeeded', version: 3, outputs })));
  api.on(`GET ${CONTENT}`, { status: 302, headers: { location: file } });
  bucket.on('GET /file?signature=s', { status: 200, headers: { 'access-control-allow-origin': '*' }, body: PICTURE });
  return { api, bucket };
}

/** The first block of code of the README, which promises to work as it stands. */
async function quickStart(): Promise<string> {
  const readme = await readFile(join(workspace, 'libs/client/README.md'), 'utf8');
  const [, code = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
  return code;
}

describe('the package', () => {
  test('holds both kinds of modules and their types, and no tests', () => {
    const wanted = ['esm', 'cjs'].flatMap((format) =>
      ['index.js', 'index.d.ts', 'node/index.js', 'node/index.d.ts'].map((file) => `${format}/${file}`),
    );
    expect(consumer.packed).toEqual(expect.arrayContaining([...wanted, 'README.md', 'LICENSE', 'package.json']));
    expect(consumer.packed.filter((path) => path.includes('test'))).toEqual([]);
  });

  test('depends on nothing', async () => {
    const manifest = JSON.parse(await readFile(join(workspace, 'dist/libs/client/package.json'), 'utf8'));
    expect(Object.keys(manifest).filter((key) => /dependencies|private|scripts/i.test(key))).toEqual([]);
  });

  test('needs nothing of Node.js in its core', async () => {
    const code = await readFile(join(workspace, 'dist/libs/client/esm/index.js'), 'utf8');
    expect(code).not.toMatch(/\bimport\b.*\bfrom\b|\brequire\(|\bprocess\.|\bBuffer\b/);
  });
});

describe('installed', () => {
  const names = 'createClient, webhooks, ApiError, JobFailedError';

  test('is there as an ES module, with one set of errors for both entries', async () => {
    const file = await consumer.write(
      'esm.mjs',
      `import * as core from '@afterimage/client';
       import * as node from '@afterimage/client/node';
       const { ${names} } = core;
       console.log([${names}].length, node.ApiError === core.ApiError, node.createClient === createClient);`,
    );
    expect((await consumer.run(process.execPath, [file])).stdout).toBe('4 true false\n');
  });

  test('is there for require, with one set of errors for both entries', async () => {
    const file = await consumer.write(
      'cjs.cjs',
      `const core = require('@afterimage/client');
       const node = require('@afterimage/client/node');
       const { ${names} } = core;
       console.log([${names}].length, node.ApiError === core.ApiError, node.createClient === createClient);`,
    );
    expect((await consumer.run(process.execPath, [file])).stdout).toBe('4 true false\n');
  });

  test.each([
    ['an ES module with the types of Node.js', 'a.mts', ['--module', 'nodenext', '--types', 'node']],
    ['CommonJS with the types of Node.js', 'b.cts', ['--module', 'nodenext', '--types', 'node']],
    ['a bundler and a browser', 'c.ts', ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2023,dom']],
  ])('has types for %s', async (_what, name, options) => {
    const entry = name === 'c.ts' ? '@afterimage/client' : '@afterimage/client/node';
    const file = await consumer.write(
      name,
      `import { createClient, JobFailedError, webhooks, type Job } from '${entry}';
       const client = createClient({ apiKey: 'k', baseUrl: 'https://api.example', fetch: globalThis.fetch });
       export async function make(signal: AbortSignal): Promise<Uint8Array | undefined> {
         const input = { prompt: 'a boat' };
         const job = await client.run({ model: 'm', task: 'text-to-image', input }, { signal });
         const status: Job['status'] = job.job.status;
         if (status === 'a later one') throw new JobFailedError(job);
         // @ts-expect-error a task that there is not
         client.jobs.create({ model: 'm', task: 'dance', input });
         ${name === 'c.ts' ? '' : "await job.outputs[0]?.toFile('a.png');"}
         return job.outputs[0]?.bytes();
       }
       export const verify = (request: Request, text: string) => webhooks.verify(text, request.headers, ['whsec_aa']);`,
    );
    const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--target', 'es2022'];
    const roots = ['--typeRoots', join(workspace, 'node_modules/@types')];
    const tsc = join(workspace, 'node_modules/typescript-native/bin/tsc');
    const args = [
      tsc,
      '--noEmit',
      '--ignoreConfig',
      ...strict,
      ...options,
      ...(name === 'c.ts' ? ['--types', ''] : roots),
      file,
    ];
    expect((await consumer.run(process.execPath, args)).stdout).toBe('');
  });

  test.each([
    ['this Node.js', process.execPath],
    ["the machine's own Node.js", hostNode ?? process.execPath],
  ])('the quick start of the README works under %s', async (_what, node) => {
    const { api, bucket } = await aStudio();
    const file = await consumer.write('quick-start.mjs', await quickStart());
    const env = { AFTERIMAGE_API_KEY: API_KEY, AFTERIMAGE_API_URL: api.url };
    const { stdout, stderr } = await consumer.run(node, [file], env);
    expect(stdout).toBe('queued 0\nsucceeded 0\nsaved lighthouse.png\n');
    expect(stderr).toBe('');
    expect(await readFile(join(consumer.folder, 'lighthouse.png'))).toEqual(Buffer.from(PICTURE));
    expect(JSON.stringify(bucket.requests)).not.toContain(API_KEY);
  });

  test.runIf(chromiumPath !== undefined)('works in a browser, whose redirects are hidden', async () => {
    const { api, bucket } = await aStudio();
    const code = await readFile(join(consumer.folder, 'node_modules/@afterimage/client/esm/index.js'));
    api.on('GET /', { status: 200, headers: { 'content-type': 'text/html' }, body: new Uint8Array() });
    api.on('GET /client.js', { status: 200, headers: { 'content-type': 'text/javascript' }, body: code });
    const browser = await chromium.launch({
      ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`${api.url}/`);
    const made = await page.evaluate(`import('/client.js').then(async ({ createClient }) => {
      const client = createClient({ apiKey: '${API_KEY}', baseUrl: location.origin });
      const request = { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a red lighthouse' } };
      const job = await client.run(request, { onProgress: () => {} });
      const blob = await job.outputs[0].blob();
      return [blob.type, await blob.text()];
    })`);
    expect(made).toEqual(['image/png', 'not really a picture']);
    expect(bucket.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(JSON.stringify(bucket.requests)).not.toContain(API_KEY);
  });
});
