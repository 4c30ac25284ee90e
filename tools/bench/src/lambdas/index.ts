import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildBare } from './build-bare.ts';
import { coldImports } from './cold.ts';
import { FUNCTIONS, type FunctionName } from './functions.ts';
import { INVOCATIONS } from './invocations.ts';
import { type Warm, warmInvocations } from './warm.ts';
import { startWorld } from './world.ts';

export interface LambdasOptions {
  readonly coldRuns: number;
  readonly warmRuns: number;
}

export interface Measured {
  readonly name: FunctionName;
  readonly kB: number;
  readonly bareKB: number;
  readonly coldMs: number;
  readonly bareColdMs: number;
  /** Of the functions that clients or a schedule call; the notifier's time is that of the receivers. */
  readonly warm: Warm | undefined;
}

const bundleOf = (name: string) => fileURLToPath(new URL(`../../../../dist/apps/${name}/handler.cjs`, import.meta.url));
const kB = async (file: string) => (await stat(file)).size / 1000;

/** Measures the bundle of each function beside a bare handler that has the same clients of AWS and makes the same calls. */
export async function measureLambdas({ coldRuns, warmRuns }: LambdasOptions): Promise<readonly Measured[]> {
  const world = await startWorld();
  try {
    const bareOf = await buildBare(world.directory);
    const names = Object.keys(FUNCTIONS).filter((name): name is FunctionName => name in FUNCTIONS);
    const files = names.flatMap((name) => [bundleOf(name), bareOf(FUNCTIONS[name])]);
    const cold = await coldImports([...new Set(files)], coldRuns, world.env);
    const measured: Measured[] = [];
    for (const name of names) {
      const [bundle, bare] = [bundleOf(name), bareOf(FUNCTIONS[name])];
      const event = INVOCATIONS[name]?.(world.prepared);
      const how = { isStreaming: name === 'wait-api', makesJobs: name === 'submit-api', runs: warmRuns };
      measured.push({
        name,
        kB: await kB(bundle),
        bareKB: await kB(bare),
        coldMs: cold.get(bundle) ?? NaN,
        bareColdMs: cold.get(bare) ?? NaN,
        warm: event === undefined ? undefined : await warmInvocations({ bundle, bare, event, ...how }, world.env),
      });
    }
    return measured;
  } finally {
    await world.stop();
  }
}
