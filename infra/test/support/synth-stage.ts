import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { Pools } from '@afterimage/app-config';
import { CONTAINER_APPS } from '../../src/constructs/images.ts';
import { addStacks, readStage } from '../../src/stages.ts';
import type { StageContext } from '../../src/stage-context.ts';

const CDK_JSON = join(import.meta.dirname, '../../cdk.json');
const { context: flags } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(CDK_JSON, 'utf8')));

/** Apps with a bundle for Lambda. */
export const LAMBDA_APPS = [
  'api-authorizer',
  'submit-api',
  'status-api',
  'webhook-api',
  'result-notifier',
  'job-reconciler',
] as const;
export type AnyApp = (typeof LAMBDA_APPS)[number] | (typeof CONTAINER_APPS)[number];
export const ANY_APPS: readonly AnyApp[] = [...LAMBDA_APPS, ...CONTAINER_APPS];

/** What Nx would have built, in miniature: the apps that are named in `changes` have other contents. */
function fakeDist(folder: string, changes: readonly AnyApp[]): string {
  const dist = join(folder, 'dist');
  const write = (app: AnyApp, folder: string, file: string) => {
    mkdirSync(join(dist, folder, app), { recursive: true });
    writeFileSync(join(dist, folder, app, file), `// ${app}${changes.includes(app) ? ', changed' : ''}\n`);
  };
  for (const app of LAMBDA_APPS) write(app, 'apps', 'handler.cjs');
  // A second bundle of the same app.
  cpSync(join(dist, 'apps/status-api'), join(dist, 'apps/wait-api'), { recursive: true });
  for (const app of CONTAINER_APPS) write(app, 'packages', 'main.mjs');
  return dist;
}

export interface SynthOptions {
  readonly config?: Partial<StageContext['config']>;
  readonly pools?: Pools;
  /** Apps whose source has changed. */
  readonly changes?: readonly AnyApp[];
  /** CloudFormation's own rules: seconds for each synthesis, so off unless it is what a test is about. */
  readonly validation?: boolean;
}

export interface SynthesizedStage {
  readonly context: StageContext;
  /** By the stack's id, in the order of deployment. */
  readonly templates: ReadonlyMap<string, Template>;
}

/** Every stack of `config/<stage>.json`, with the flags of cdk.json and apps in miniature, before its synthesis. */
export function buildStage(stage: string, { config = {}, pools, changes = [], validation = false }: SynthOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-infra-'));
  const read = readStage(stage);
  const context: StageContext = {
    config: { ...read.config, ...config },
    pools: pools ?? read.pools,
    dist: fakeDist(folder, changes),
  };
  const app = new App({
    context: flags,
    outdir: join(folder, 'cdk.out'),
    builtinCloudFormationValidation: validation,
  });
  addStacks(app, context);
  return { context, app, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The templates of the stage that {@link buildStage} makes. */
export function synthStage(stage: string, options?: SynthOptions): SynthesizedStage {
  const { context, app, dispose } = buildStage(stage, options);
  try {
    const { stacks } = app.synth();
    return { context, templates: new Map(stacks.map(({ id, template }) => [id, Template.fromJSON(template)])) };
  } finally {
    // At once: with the layers of kubectl it is 58 MB.
    dispose();
  }
}

/** The template of one stack. */
export function templateOf({ templates }: SynthesizedStage, stack: string): Template {
  const template = templates.get(stack);
  if (template === undefined) throw new Error(`there is no stack ${stack}, but ${[...templates.keys()].join(', ')}`);
  return template;
}
