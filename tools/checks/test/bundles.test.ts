import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from './workspace.ts';

/** Gzipped kilobytes that a bundle may have: what it has now and a little air, so that growth is a decision. */
const LIMIT_KB: Readonly<Record<string, number>> = {
  'api-authorizer': 220,
  'submit-api': 260,
  'status-api': 255,
  'result-notifier': 330,
  'job-reconciler': 255,
};

describe.each(Object.entries(LIMIT_KB))('the bundle of %s', (app, limit) => {
  const code = readFileSync(join(workspaceRoot, 'dist/apps', app, 'handler.cjs'));

  it(`has at most ${limit} kB gzipped`, () => {
    expect(gzipSync(code).byteLength / 1000).toBeLessThan(limit);
  });

  it('holds no locales of zod', () => {
    expect(code.toString('utf8')).not.toContain('verwacht');
  });
});
