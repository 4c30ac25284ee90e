import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { percentile } from '../percentile.ts';

const PROCESS = fileURLToPath(new URL('cold-process.cjs', import.meta.url));
const run = promisify(execFile);

/**
 * Milliseconds from the start of a process to the loaded handler, the median of each bundle. The bundles take turns, so that what else the machine does
 * falls on all of them.
 */
export async function coldImports(
  bundles: readonly string[],
  runs: number,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map(bundles.map((bundle) => [bundle, [] as number[]]));
  for (let round = 0; round <= runs; round++) {
    for (const [bundle, measured] of times) {
      const { stdout } = await run(process.execPath, [PROCESS, bundle], { env: { ...env }, timeout: 30_000 });
      // The first one brings the file into the system's cache.
      if (round > 0) measured.push(Number(stdout));
    }
  }
  return new Map([...times].map(([bundle, measured]) => [bundle, percentile(measured, 50)]));
}
