import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { workspaceRoot } from './workspace.ts';

/** Gzipped kilobytes that a bundle may have: what it has now and a little air, so that growth is a decision. */
const LIMIT_KB: Readonly<Record<string, number>> = {
  'api-authorizer': 92,
  'submit-api': 136,
  'status-api': 186,
  'wait-api': 109,
  'webhook-api': 117,
  'result-notifier': 190,
  'job-reconciler': 176,
};

/** What is loaded at a cold start of the function that clients wait for most, with the SDK's clients in it. */
const LIMIT_SUBMIT_KB = 400;

/** A Lambda answers with at most 6 MB, and a page that long would not be read on a train. */
const LIMIT_PAGE_KB = 600;

describe('beside the bundle of status-api', () => {
  const read = (name: string) => readFileSync(join(workspaceRoot, 'dist/apps/status-api', name));

  it('is the description that is checked in', () => {
    expect(read('openapi.json').equals(readFileSync(join(workspaceRoot, 'docs/openapi.json')))).toBe(true);
  });

  it(`is its page, of at most ${LIMIT_PAGE_KB} kB, with what its licences ask for`, () => {
    expect(read('docs.html.gz').byteLength / 1000).toBeLessThan(LIMIT_PAGE_KB);
    expect(read('docs.LICENSE.txt').byteLength).toBeGreaterThan(0);
    expect(read('docs.NOTICE').toString('utf8')).toContain('swagger-ui');
  });
});

test(`the bundle of submit-api has at most ${LIMIT_SUBMIT_KB} kB, and no S3 client`, () => {
  const code = readFileSync(join(workspaceRoot, 'dist/apps/submit-api/handler.cjs'));

  expect(code.byteLength / 1000).toBeLessThan(LIMIT_SUBMIT_KB);
  expect(code.toString('utf8')).not.toContain('ListObjectsV2');
});

describe.each(Object.entries(LIMIT_KB))('the bundle of %s', (app, limit) => {
  const code = readFileSync(join(workspaceRoot, 'dist/apps', app, 'handler.cjs'));

  it(`has at most ${limit} kB gzipped`, () => {
    expect(gzipSync(code).byteLength / 1000).toBeLessThan(limit);
  });

  it('holds no providers of credentials but the environment', () => {
    expect(code.toString('utf8')).not.toMatch(/sso_start_url|AWS_WEB_IDENTITY_TOKEN_FILE|credential_process/);
  });

  it('holds no locales of zod, and its makers of JSON Schemas where a function answers with one alone', () => {
    expect(code.toString('utf8')).not.toContain('verwacht');
    expect(code.includes('json-schema.org/draft/2020-12')).toBe(app === 'status-api');
  });

  it('holds neither the X-Ray SDK nor the errors of operations that it does not call', () => {
    const held = ['AWS_XRAY_DEBUG_MODE', 'dynamodb#BackupInUseException'].filter((text) => code.includes(text));
    expect(held).toEqual([]);
  });
});
