import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the container may use; undefined where nothing says so. */
export interface CgroupLimits {
  /** Processors, as a share: 1.5 is one and a half. */
  readonly cpus: number | undefined;
  readonly memoryBytes: number | undefined;
}

function readWords(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}

function positive(value: string | undefined): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : undefined;
}

/** Version 1 says "no limit" with a number near 2^63. */
const NO_LIMIT_BYTES = 2 ** 60;

/**
 * Reads the limits of this process's control group, of version 2 or 1, as they show within a container.
 * @param root `/sys/fs/cgroup`
 */
export function readCgroupLimits(root: string): CgroupLimits {
  const [quota, period] = readWords(join(root, 'cpu.max'));
  const [oldQuota] = readWords(join(root, 'cpu/cpu.cfs_quota_us'));
  const [oldPeriod] = readWords(join(root, 'cpu/cpu.cfs_period_us'));
  const [memory] = readWords(join(root, 'memory.max'));
  const [oldMemory] = readWords(join(root, 'memory/memory.limit_in_bytes'));
  const [most, each] = [positive(quota ?? oldQuota), positive(period ?? oldPeriod)];
  const memoryBytes = positive(memory ?? oldMemory);
  return {
    cpus: most === undefined || each === undefined ? undefined : most / each,
    memoryBytes: memoryBytes === undefined || memoryBytes > NO_LIMIT_BYTES ? undefined : memoryBytes,
  };
}

/** Threads that a share of processors keeps busy: a part of one is no reason for another thread. */
export function threadsFor(limits: CgroupLimits, machine: { readonly cpus: number }): number {
  return Math.max(1, Math.floor(Math.min(limits.cpus ?? machine.cpus, machine.cpus)));
}
