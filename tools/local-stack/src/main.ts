// The command behind `npm start`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WORKSPACE_ROOT } from './apps.ts';
import { parseArguments, USAGE, UsageError, type CommandArguments } from './command/arguments.ts';
import { runFirstJob } from './command/first-job.ts';
import { onnxPools } from './command/onnx-models.ts';
import { makeProgressView } from './command/progress.ts';
import { onStopSignals, type StopSignals } from './command/stop-signals.ts';
import { curlLine, shortPath, summary } from './command/summary.ts';
import { describeError } from './describe-error.ts';
import { PortTakenError } from './gateway/gateway.ts';
import type { LocalStack, LocalStackOptions } from './options.ts';
import { startLocalStack } from './start-local-stack.ts';

const SKETCH_MODEL = 'sketch-1';
const FIRST_PROMPT = 'a lighthouse on a cliff at sunset, watercolor';
/** Progress is written with the heartbeats of the worker. */
const HEARTBEAT_INTERVAL_MS = 500;
/** Pictures of the sketch engine are soon done. */
const PREVIEW_INTERVAL_MS = 500;

async function firstJob(stack: LocalStack, model: string, signal: AbortSignal): Promise<void> {
  console.log(`\nFirst job: "${FIRST_PROMPT}"`);
  try {
    const file = await runFirstJob({
      apiUrl: stack.apiUrl,
      apiKey: stack.apiKey,
      model,
      prompt: FIRST_PROMPT,
      outputs: stack.outputs,
      signal,
      progress: makeProgressView(process.stdout.isTTY, console.log),
    });
    console.log(`  ${shortPath(file, process.cwd())}`);
  } catch (error) {
    if (!signal.aborted) console.error(`The first job failed: ${describeError(error)}`);
  }
}

/** What differs from engine to engine. */
interface EngineSetup {
  readonly model: string;
  readonly options: Pick<LocalStackOptions, 'poolsFile'>;
  /** The worker's own variables. */
  readonly env: Readonly<Record<string, string>>;
}

/** The models of a folder become the pool; their file is kept beside the state. @throws UsageError */
function engineSetup({ modelDirectory, directory }: CommandArguments): EngineSetup {
  if (modelDirectory === undefined) return { model: SKETCH_MODEL, options: {}, env: {} };
  const pools = onnxPools(modelDirectory);
  const folder = resolve(directory ?? join(WORKSPACE_ROOT, '.afterimage'));
  const poolsFile = join(folder, 'onnx-pools.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(poolsFile, `${JSON.stringify(pools, null, 2)}\n`);
  const [model = SKETCH_MODEL] = pools.pools.flatMap(({ models }) => models.map(({ id }) => id));
  return { model, options: { poolsFile }, env: { ONNX_MODELS: resolve(modelDirectory) } };
}

async function serve(
  stack: LocalStack,
  { args, model }: { readonly args: CommandArguments; readonly model: string },
  { stopping, stopped }: StopSignals,
): Promise<0 | 1> {
  console.log(`Afterimage runs on this machine.\n\n${summary(stack, process.cwd())}`);
  if (args.hasFirstJob && args.workers > 0) await firstJob(stack, model, stopping);
  if (!stopping.aborted) console.log(`\nYours:\n  ${curlLine(stack, model)}\n\nCtrl-C stops everything.`);
  const failure = await Promise.race([stopped, stack.failed]);
  if (failure !== undefined) console.error(`Stopping: ${describeError(failure)}`);
  else console.log('\nStopping …');
  await stack.stop();
  return failure === undefined ? 0 : 1;
}

async function main(): Promise<0 | 1> {
  const args = parseArguments(process.argv.slice(2), process.env);
  if (args.wantsHelp) {
    console.log(USAGE);
    return 0;
  }
  const signals = onStopSignals(() => process.exit(1));
  const setup = engineSetup(args);
  const stack = await startLocalStack({
    ...setup.options,
    port: args.port,
    consolePort: args.consolePort,
    isFresh: args.isFresh,
    workers: args.workers,
    sketchMsPerStep: args.sketchMsPerStep,
    ...(args.directory === undefined ? {} : { directory: args.directory }),
    env: {
      'gpu-worker': {
        HEARTBEAT_INTERVAL_MS: String(HEARTBEAT_INTERVAL_MS),
        PREVIEW_INTERVAL_MS: String(PREVIEW_INTERVAL_MS),
        ...setup.env,
      },
    },
    report: console.error,
  });
  return serve(stack, { args, model: setup.model }, signals);
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(`Cannot start: ${error instanceof PortTakenError ? error.message : describeError(error)}`);
  process.exit(1);
}
