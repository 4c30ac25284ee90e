import { type Command, Option } from 'commander';
import { PROFILES } from '@afterimage/planner';
import { parseCount, parseDecimal, parseInteger } from './arguments.ts';
import { plan, type PlanOptions } from './commands/plan.ts';
import { CliError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliDependencies, GlobalOptions } from './session.ts';

const HELP = `
Settings of the pool, for --sweep and --pool-set: jobsPerPod, jobsPerPod.batch, idleSeconds, pollSeconds, drainSeconds,
volumeGiB, replicas.min, replicas.max, spot.maxPods, onDemand.maxPods.

Examples:
  afterimage plan --images-per-month 1000000 --seconds-per-image 1.5 --pool sdxl
  afterimage plan --images-per-month 1000000 --seconds-per-image 1.5 --pool sdxl --compare guidance
  afterimage plan --images-per-month 200000 --seconds-per-image 4 --pool sdxl --profile office \\
      --sweep jobsPerPod=1,4,16 idleSeconds=60,300
  afterimage plan --arrivals day.csv --seconds-per-image 4 --pool sdxl --set imageKb=900 --csv`;

/** Columns of a table where there is no terminal to ask. */
const DEFAULT_WIDTH = 100;

/** `afterimage plan`, which needs neither the API nor a key. `setExitCode` is told how it ended. */
export function addPlan(program: Command, dependencies: CliDependencies, setExitCode: (code: ExitCode) => void): void {
  program
    .command('plan')
    .description('what a month on AWS costs and how long jobs wait, by a simulation')
    .option('--images-per-month <count>', 'images of a month', parseCount)
    .requiredOption('--seconds-per-image <seconds>', 'time that the engine needs for one', parseDecimal)
    .requiredOption('--pool <name>', 'pool of the pools file')
    .option('--pools-file <file>', 'pools (default: infra/config/pools.json)')
    .option('--pool-set <setting=value...>', 'other settings of the pool')
    .addOption(new Option('--profile <profile>', 'when jobs come').choices(PROFILES).default('steady'))
    .option('--arrivals <csv>', 'jobs as lines of timestamp or timestamp,count, in place of a number and a profile')
    .addOption(new Option('--service <kind>', 'time of jobs').choices(['constant', 'exponential']).default('constant'))
    .option('--seed <number>', 'of chance: the same seed gives the same plan', parseInteger, 1)
    .option('--machine <type>', "machine to count with (default: the pool's cheapest)")
    .option('--spot-price <usd>', 'of an hour, in place of that of the prices', parseDecimal)
    .option('--prices <file>', 'prices (default: those of us-east-1 that come with the command)')
    .option('--max-price-age-days <days>', 'age from which prices are warned of', parseCount, 730)
    .option('--set <name=value...>', 'other assumptions; --show-assumptions has their names')
    .option('--assumptions <file>', 'JSON object of assumptions')
    .option('--show-assumptions', 'print what was assumed')
    .addOption(new Option('--compare <with>', "beside the AWS guidance's own table").choices(['guidance']))
    .option('--sweep <setting=values...>', 'a plan for each combination, cheapest first')
    .option('--csv', 'as CSV')
    .addHelpText('after', HELP)
    .action(async (options: PlanOptions, command: Command) => {
      const { stdout, stderr, env, cwd, clock } = dependencies;
      const isJson = command.optsWithGlobals<GlobalOptions>().json === true || stdout.isTTY !== true;
      const hasColor = stdout.isTTY === true && env.TERM !== 'dumb' && (env.NO_COLOR ?? '') === '';
      const terminal = { width: stdout.columns ?? DEFAULT_WIDTH, hasColor };
      try {
        await plan({ cwd, stdout, stderr, terminal, isJson, nowMs: clock.nowMs }, options);
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        stderr.write([`error: ${error.message}`, ...error.lines.map((line) => `  ${line}`), ''].join('\n'));
        setExitCode(error.exitCode);
      }
    });
}
