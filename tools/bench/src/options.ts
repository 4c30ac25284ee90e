import { parseArgs } from 'node:util';
import { LIMITS } from '@afterimage/job-schemas';

export interface BenchOptions {
  readonly jobs: number;
  /** Creates under way at a time. */
  readonly concurrency: number;
  /** Width and height of the images, in pixels. */
  readonly size: number;
  readonly steps: number;
  readonly workers: number;
  /** The run fails when it is not done by then. */
  readonly timeoutSeconds: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly multipleOf?: number;
}

/** A whole number within a range. @throws RangeError that names the option */
export function integer(name: string, value: string, { min, max, multipleOf = 1 }: Range): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < min || number > max || number % multipleOf !== 0) {
    const steps = multipleOf === 1 ? '' : ` in steps of ${multipleOf}`;
    throw new RangeError(`--${name} must be a whole number from ${min} to ${max}${steps}, got "${value}"`);
  }
  return number;
}

/** @throws Error that names the option that is wrong or unknown */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      jobs: { type: 'string', default: '1000' },
      concurrency: { type: 'string', default: '32' },
      size: { type: 'string', default: '64' },
      steps: { type: 'string', default: '2' },
      workers: { type: 'string', default: '1' },
      'timeout-seconds': { type: 'string', default: '600' },
    },
  });
  return {
    jobs: integer('jobs', values.jobs, { min: 1, max: 100_000 }),
    concurrency: integer('concurrency', values.concurrency, { min: 1, max: 256 }),
    size: integer('size', values.size, LIMITS.side),
    steps: integer('steps', values.steps, LIMITS.steps),
    workers: integer('workers', values.workers, { min: 1, max: 16 }),
    timeoutSeconds: integer('timeout-seconds', values['timeout-seconds'], { min: 1, max: 86_400 }),
  };
}
