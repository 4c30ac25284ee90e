import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { Pools } from '@afterimage/app-config';
import { readStage } from '../../src/stages.ts';
import type { StageContext } from '../../src/stage-context.ts';
import { ClusterStack } from '../../src/stacks/cluster-stack.ts';
import { DataStack } from '../../src/stacks/data-stack.ts';
import { GpuPoolsStack } from '../../src/stacks/gpu-pools-stack.ts';
import { NetworkStack } from '../../src/stacks/network-stack.ts';

const CDK_JSON = join(import.meta.dirname, '../../cdk.json');
const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** A folder as `nx package gpu-worker` makes it: enough for the tag of the image. */
function fakeDist(): string {
  const dist = mkdtempSync(join(tmpdir(), 'afterimage-dist-'));
  const folder = join(dist, 'packages/gpu-worker');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.mjs'), '// the worker\n');
  return dist;
}

export const API_URL = 'https://api.example.com/v';

/** The stacks of the cluster and the pools, and of what they stand on, as the `dev` stage has them. */
export function clusterStage(pools?: Pools) {
  const stage = readStage('dev');
  const context: StageContext = { ...stage, pools: pools ?? stage.pools, dist: fakeDist() };
  const { context: flags } = cdkJson.parse(JSON.parse(readFileSync(CDK_JSON, 'utf8')));
  const app = new App({ context: flags, outdir: mkdtempSync(join(tmpdir(), 'afterimage-cdk-')) });
  const network = new NetworkStack(app, 'Network', context);
  const data = new DataStack(app, 'Data', { ...context, network });
  const cluster = new ClusterStack(app, 'Cluster', { ...context, network, data });
  const gpuPools = new GpuPoolsStack(app, 'GpuPools', { ...context, data, cluster, api: { apiUrl: API_URL } });
  return { context, network, data, cluster, gpuPools };
}

/** Properties of each resource of a type that has these among them. */
export function propertiesOf(template: Template, type: string, like: object = {}) {
  return Object.values(template.findResources(type, { Properties: like })).map(({ Properties }) => Properties);
}
