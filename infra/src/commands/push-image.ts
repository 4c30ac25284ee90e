/**
 * `node src/commands/push-image.ts <app> [--stage <stage>]`: builds an app's image for both kinds of processor and puts it
 * into the account's registry, unless it is there. Needs Docker with buildx, and the AWS command line.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CONTAINER_APPS, imageTag, repositoryName, type ContainerApp } from '../constructs/images.ts';
import { readStage } from '../stages.ts';
import { readArguments, UsageError } from './arguments.ts';
import { runCdk } from './cdk.ts';
import { deployPlan } from './plan.ts';

const isContainerApp = (name: string): name is ContainerApp => CONTAINER_APPS.some((each) => each === name);

/** Runs a program to its end. @throws Error with what it wrote, when it fails */
function run(program: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input });
  if (error !== undefined) throw new Error(`${program} cannot be run: is it installed?`, { cause: error });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} failed: ${stderr.trim()}`);
  return stdout.trim();
}

async function push(app: ContainerApp, stage: string): Promise<number> {
  const context = readStage(stage);
  const { region } = context.config;
  // The repository is part of it; unchanged it is skipped.
  const code = await runCdk(stage, deployPlan(['Data']));
  if (code !== 0) return code;
  const repository = repositoryName(context, app);
  const tag = imageTag(context.dist, app);
  const ecr = (...args: string[]) => run('aws', ['ecr', ...args, '--region', region]);
  const there = ecr(
    'list-images',
    '--repository-name',
    repository,
    '--query',
    'imageIds[].imageTag',
    '--output',
    'text',
  );
  if (there.split(/\s+/).includes(tag)) {
    process.stdout.write(`${repository}:${tag} is there already\n`);
    return 0;
  }
  const account = run('aws', ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'text']);
  const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
  run('docker', ['login', '--username', 'AWS', '--password-stdin', registry], ecr('get-login-password'));
  const folder = join(context.dist, 'packages', app);
  const platforms = ['--platform', 'linux/amd64,linux/arm64'];
  const build = ['buildx', 'build', ...platforms, '--tag', `${registry}/${repository}:${tag}`, '--push', folder];
  const { status } = spawnSync('docker', build, { stdio: 'inherit' });
  return status ?? 1;
}

try {
  const { stage, names } = readArguments(process.argv.slice(2), process.env);
  const [app = ''] = names;
  if (names.length !== 1 || !isContainerApp(app)) {
    throw new UsageError(`usage: push-image <${CONTAINER_APPS.join(' | ')}> [--stage <stage>]`);
  }
  process.exitCode = await push(app, stage);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
