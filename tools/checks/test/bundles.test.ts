import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from './workspace.ts';

/** Gzipped kilobytes that a bundle may have: what it has now and a little air, so that growth is a decision. */
const LIMIT_KB: Readonly<Record<string, number>> = {
  'api-authorizer': 220,
  'submit-api': 285,
  'status-api': 275,
  'wait-api': 260,
  'webhook-api': 230,
  'result-notifier': 330,
  'job-reconciler': 275,
};

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

describe.each(Object.entries(LIMIT_KB))('the bundle of %s', (app, limit) => {
  const code = readFileSync(join(workspaceRoot, 'dist/apps', app, 'handler.cjs'));

  it(`has at most ${limit} kB gzipped`, () => {
    expect(gzipSync(code).byteLength / 1000).toBeLessThan(limit);
  });

  it('holds no locales of zod', () => {
    expect(code.toString('utf8')).not.toContain('verwacht');
  });
});
