import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePools, poolDeploymentSchema } from '@afterimage/app-config';
import { deployedPools } from '../src/constructs/kubernetes/deployed-pool.ts';

const ROOT = join(import.meta.dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/pools.md'), 'utf8');

describe('docs/pools.md', () => {
  it('has entries that can be taken as they are', () => {
    const entries = [...document.matchAll(/```json\n(.*?)```/gs)].map(([, entry]) => entry);

    expect(entries).toHaveLength(2);
    expect(deployedPools(parsePools(`{ "pools": [${entries.join()}] }`, 'docs/pools.md'))).toHaveLength(2);
  });

  it('tells of every field of a deployment', () => {
    const fields = Object.keys(poolDeploymentSchema.shape);

    expect(fields.filter((field) => !new RegExp(`\`(deployment\\.)?${field}\\b`).test(document))).toEqual([]);
  });
});

describe('config/pools.json', () => {
  it('is deployable, with an SD WebUI and a ComfyUI', () => {
    const file = join(ROOT, 'infra/config/pools.json');
    const pools = deployedPools(parsePools(readFileSync(file, 'utf8'), file));

    expect(pools.map(({ engine }) => engine)).toEqual(['sdwebui', 'comfyui']);
    for (const { deployment } of pools) expect(deployment.engineServer?.scratch.length).toBeGreaterThan(0);
  });
});
