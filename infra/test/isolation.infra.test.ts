import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parsePools } from '@afterimage/app-config';
import { ANY_APPS, synthStage, type AnyApp, type SynthOptions } from './support/synth-stage.ts';

const APPS = join(import.meta.dirname, '../../apps');

/** The stack of each app. */
const STACK_OF: Readonly<Record<AnyApp, string>> = {
  'api-authorizer': 'Api',
  'submit-api': 'Api',
  'status-api': 'Api',
  'webhook-api': 'Api',
  'result-notifier': 'Notifier',
  'job-reconciler': 'Notifier',
  'gpu-worker': 'GpuPools',
  'ecs-fargate-admin': 'Admin',
};

function texts(options?: SynthOptions): Map<string, string> {
  const { templates } = synthStage('example', options);
  return new Map([...templates].map(([id, template]) => [id, JSON.stringify(template.toJSON())]));
}

const before = texts();

function changedBy(options: SynthOptions): string[] {
  return [...texts(options)].filter(([id, text]) => before.get(id) !== text).map(([id]) => id);
}

const manifest = z.object({ nx: z.object({ targets: z.object({ deploy: z.object({ command: z.string() }) }) }) });

describe.each(ANY_APPS)('a change of %s', (app) => {
  it('changes the template of its stack, and no other', () => {
    expect(changedBy({ changes: [app] })).toEqual([STACK_OF[app]]);
  });

  it('is deployed by its own target', () => {
    const { nx } = manifest.parse(JSON.parse(readFileSync(join(APPS, app, 'package.json'), 'utf8')));

    expect(nx.targets.deploy.command).toBe(`node infra/src/commands/run.ts deploy ${STACK_OF[app]}`);
  });
});

describe('no change', () => {
  it('changes no template', () => {
    expect(changedBy({})).toEqual([]);
  });
});

describe('a change of the pools', () => {
  const file = join(import.meta.dirname, '../config/pools.json');
  const { pools } = parsePools(readFileSync(file, 'utf8'), file);
  const [first] = pools;
  if (first === undefined) throw new Error('there is no pool');

  it('in what a model can do changes what the API and the console say of it', () => {
    const models = first.models.map((model) => ({ ...model, description: 'another description' }));
    const changed = changedBy({ pools: { pools: pools.with(0, { ...first, models }) } });

    expect(changed.toSorted()).toEqual(['Admin', 'Api']);
  });

  it('in how it is scaled changes its workers alone', () => {
    const { deployment } = first;
    if (deployment === undefined) throw new Error('the first pool is not deployed');
    const replicas = { ...deployment.replicas, max: deployment.replicas.max - 1 };
    const changed = changedBy({
      pools: { pools: pools.with(0, { ...first, deployment: { ...deployment, replicas } }) },
    });

    expect(changed).toEqual(['GpuPools']);
  });

  it('by one more is one more pair of queues, their watchers and their workers, and no new code', () => {
    const added = {
      ...first,
      name: 'another',
      models: first.models.map((model) => ({ ...model, id: `another-${model.id}` })),
    };
    const changed = changedBy({ pools: { pools: [...pools, added] } });

    expect(new Set(changed)).toEqual(new Set(['Data', 'Api', 'Notifier', 'GpuPools', 'Observability', 'Admin']));
  });
});
