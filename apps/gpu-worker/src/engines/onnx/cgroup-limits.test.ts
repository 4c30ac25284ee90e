import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCgroupLimits, threadsFor } from './cgroup-limits.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function limits(files: Readonly<Record<string, string>>) {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${content}\n`);
  }
  return readCgroupLimits(root);
}

describe('the limits of a control group', () => {
  it('of version 2', () => {
    expect(limits({ 'cpu.max': '150000 100000', 'memory.max': '2147483648' })).toEqual({
      cpus: 1.5,
      memoryBytes: 2 ** 31,
    });
  });

  it('of version 1', () => {
    const files = { 'cpu/cpu.cfs_quota_us': '400000', 'cpu/cpu.cfs_period_us': '100000' };
    expect(limits({ ...files, 'memory/memory.limit_in_bytes': '1073741824' })).toEqual({
      cpus: 4,
      memoryBytes: 2 ** 30,
    });
  });

  it.each([
    [{}],
    [{ 'cpu.max': 'max 100000', 'memory.max': 'max' }],
    [{ 'cpu/cpu.cfs_quota_us': '-1', 'memory/memory.limit_in_bytes': '9223372036854771712' }],
  ])('are none where nothing says so: %j', (files) => {
    expect(limits(files)).toEqual({ cpus: undefined, memoryBytes: undefined });
  });

  it('come to threads, one at least and no more than the machine has', () => {
    const threads = (cpus: number | undefined) => threadsFor({ cpus, memoryBytes: undefined }, { cpus: 8 });
    expect([undefined, 0.5, 1, 1.9, 2, 64].map(threads)).toEqual([8, 1, 1, 1, 2, 8]);
  });
});
