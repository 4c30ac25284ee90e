import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { Pools } from '@afterimage/app-config';
import { readStage } from '../../src/stages.ts';
import type { StageContext } from '../../src/stage-context.ts';
import { ClusterStack } from '../../src/stacks/cluster-stack.ts';
import { DataStack } from '../../src/stacks/data-stack.ts';
import { NetworkStack } from '../../src/stacks/network-stack.ts';

const CDK_JSON = join(import.meta.dirname, '../../cdk.json');
const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** The templates of the cluster, and of what it stands on, as the `dev` stage has them. */
export function clusterStage(pools?: Pools) {
  const stage = readStage('dev');
  const context: StageContext = { ...stage, pools: pools ?? stage.pools };
  const { context: flags } = cdkJson.parse(JSON.parse(readFileSync(CDK_JSON, 'utf8')));
  const app = new App({ context: flags, outdir: mkdtempSync(join(tmpdir(), 'afterimage-cdk-')) });
  const network = new NetworkStack(app, 'Network', context);
  const data = new DataStack(app, 'Data', { ...context, network });
  const cluster = new ClusterStack(app, 'Cluster', { ...context, network, data });
  return { context, cluster: Template.fromStack(cluster) };
}

/** Properties of each resource of a type that has these among them. */
export function propertiesOf(template: Template, type: string, like: object = {}) {
  return Object.values(template.findResources(type, { Properties: like })).map(({ Properties }) => Properties);
}
