import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeDescriptionRoutes } from './description-routes.ts';

const HTML = '<!doctype html><title>API</title>';
const FILES = {
  'openapi.json': Buffer.from('{"openapi":"3.1.1","servers":[{"url":"/"}]}'),
  'docs.html.gz': gzipSync(HTML),
  'docs.json': Buffer.from('{"contentSecurityPolicy":"default-src \'none\'"}'),
};
const context = { getRemainingTimeInMillis: () => 30_000 };

function makeBench() {
  const reads: string[] = [];
  let isBroken = false;
  const routes = makeDescriptionRoutes({
    readFile: async (name) => {
      reads.push(name);
      if (isBroken) throw new Error('the disk is gone');
      return FILES[name];
    },
    apiUrl: 'https://api.test',
  });
  return {
    reads,
    breakDisk: (broken: boolean) => (isBroken = broken),
    openapi: (headers = {}) => routes.openapi(anApiRequest({ headers }), context),
    docs: (headers = {}) => routes.docs(anApiRequest({ headers }), context),
  };
}

const textOf = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString('utf8');

describe('GET /v1/openapi.json', () => {
  it('names the deployment as its server', async () => {
    const { status, headers, content } = await makeBench().openapi();

    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'public, max-age=300' });
    expect(JSON.parse(textOf(content))).toEqual({ openapi: '3.1.1', servers: [{ url: 'https://api.test' }] });
  });

  it('is read once', async () => {
    const bench = makeBench();
    expect(bench.reads).toEqual([]);
    await bench.openapi();
    await bench.openapi();

    expect(bench.reads).toEqual(['openapi.json']);
  });

  it('is read again after it could not be read', async () => {
    const bench = makeBench();
    bench.breakDisk(true);
    await expect(bench.openapi()).rejects.toThrow('the disk is gone');
    bench.breakDisk(false);

    expect((await bench.openapi()).status).toBe(200);
  });

  it('is not sent to a client that has it', async () => {
    const bench = makeBench();
    const etag = (await bench.openapi()).headers?.['etag'] ?? '';

    const { status, content } = await bench.openapi({ 'if-none-match': etag });

    expect({ status, content }).toEqual({ status: 304, content: undefined });
  });
});

describe('GET /docs', () => {
  it.each(['gzip', 'br, gzip', 'gzip;q=0.5', 'GZIP ; q=1.0, br'])(
    'is compressed for a client that takes %s',
    async (takes) => {
      const { headers, content } = await makeBench().docs({ 'accept-encoding': takes });

      expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(gunzipSync(content ?? '').toString('utf8')).toBe(HTML);
    },
  );

  it.each(['', 'br', 'gzip;q=0', 'gzip; q=0.0, br', 'xgzip'])(
    'is plain for a client that takes "%s"',
    async (takes) => {
      const { headers, content } = await makeBench().docs({ 'accept-encoding': takes });

      expect(headers).not.toHaveProperty('content-encoding');
      expect(textOf(content)).toBe(HTML);
    },
  );

  it('comes with its own policy', async () => {
    expect((await makeBench().docs()).headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
  });
});
