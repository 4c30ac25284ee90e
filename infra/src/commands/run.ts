/**
 * `node src/commands/run.ts deploy|diff|destroy|synth [stack ...] [--stage <stage>] [--delete-data <stage>]`: what the Nx targets
 * of the same names run.
 */
import { readStage } from '../stages.ts';
import { readArguments, UsageError } from './arguments.ts';
import { runCdk } from './cdk.ts';
import { deployPlan, destroyPlan, diffPlan, type Plan } from './plan.ts';

const [command = '', ...rest] = process.argv.slice(2);

function planOf(args: ReturnType<typeof readArguments>): Plan {
  switch (command) {
    case 'deploy':
      return deployPlan(args.names);
    case 'diff':
      return diffPlan(args.names);
    case 'synth':
      return ['synth', ...args.names, '--quiet'];
    case 'destroy':
      return destroyPlan(args, readStage(args.stage).config);
    default:
      throw new UsageError(`there is no command "${command}": deploy, diff, destroy or synth`);
  }
}

try {
  const args = readArguments(rest, process.env);
  const plan = planOf(args);
  if (command === 'destroy' && args.deleteData === undefined) {
    process.stderr.write(`The data of "${args.stage}" and its network stay. With them: --delete-data=${args.stage}\n`);
  }
  process.exitCode = await runCdk(args.stage, plan);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
