import { availableParallelism, cpus } from 'node:os';

/** Processor time of this process up to now, all threads, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** `2 × Intel(R) Xeon(R) …, Node.js 24.21.0`. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableParallelism()} × ${model}, Node.js ${process.versions.node}`;
}
