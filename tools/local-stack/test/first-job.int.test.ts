import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { presentJob } from '@afterimage/job-core';
import type { JobStatus, StoredOutput } from '@afterimage/job-schemas';
import { aJobRecord } from '@afterimage/testing';
import { runFirstJob, type FirstJobOptions } from '../src/command/first-job.ts';
import { temporaryFolder } from './bundles.ts';

const KEY = 'ai_key_secret';
const OUTPUT: StoredOutput = {
  index: 0,
  key: 'a/0.png',
  contentType: 'image/png',
  width: 8,
  height: 8,
  bytes: 6,
  sha256: '00',
  seed: 1,
  thumbnailKey: null,
};

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An API whose job goes through the given states, one a request. Its picture is on another server. */
async function startApi(states: readonly JobStatus[]) {
  const pictureRequests: IncomingMessage[] = [];
  const pictures = await serve((request, response) => {
    pictureRequests.push(request);
    response.end('pixels');
  });
  let requests = 0;
  const apiUrl: string = await serve((request, response) => {
    if (request.headers.authorization !== `Bearer ${KEY}`) return response.writeHead(401).end();
    if (request.url?.endsWith('/content') === true) return response.writeHead(302, { location: pictures }).end();
    const status = states[Math.min(requests, states.length - 1)] ?? 'queued';
    requests += 1;
    const outputs = status === 'succeeded' ? [OUTPUT] : [];
    response.end(JSON.stringify(presentJob(aJobRecord({ status, outputs }), { apiUrl, now: new Date() })));
  });
  return { apiUrl, pictureRequests };
}

function options(apiUrl: string, shown: string[] = []): FirstJobOptions {
  return {
    apiUrl,
    apiKey: KEY,
    model: 'sketch-1',
    prompt: 'a cat',
    outputs: temporaryFolder(),
    signal: AbortSignal.timeout(10_000),
    progress: { show: (status) => void shown.push(status), end: () => void shown.push('(end)') },
  };
}

describe('runFirstJob', () => {
  it('follows the job and saves its picture, without showing the key to the object store', async () => {
    const { apiUrl, pictureRequests } = await startApi(['queued', 'queued', 'succeeded']);
    const shown: string[] = [];

    const file = await runFirstJob(options(apiUrl, shown));

    expect(readFileSync(file, 'utf8')).toBe('pixels');
    expect(basename(file)).toMatch(/^job_\w{26}-0\.png$/);
    expect(shown).toEqual(['queued', 'queued', 'succeeded', '(end)']);
    expect(pictureRequests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('fails with the state of a job that made no picture', async () => {
    const { apiUrl } = await startApi(['queued', 'expired']);

    await expect(runFirstJob(options(apiUrl))).rejects.toThrow(/^job_\w+ ended expired/);
  });

  it('fails with what the API answered', async () => {
    const { apiUrl } = await startApi(['queued']);
    const shown: string[] = [];

    await expect(runFirstJob({ ...options(apiUrl, shown), apiKey: 'wrong' })).rejects.toThrow('/v1/jobs answered 401');

    expect(shown).toEqual(['(end)']);
  });
});
