import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { withoutDeployment } from '@afterimage/app-config';
import type { StageContext } from '../stage-context.ts';

/** Where functions with the layer find the file. */
export const POOLS_FILE = '/opt/pools.json';

/** The pools as the API needs to know them: its functions do not change with a pool's instances or scaling. */
export function poolsLayer(scope: Construct, id: string, { pools, dist, config }: StageContext): LayerVersion {
  const folder = join(dist, 'layers', config.stage, 'pools');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pools.json'), JSON.stringify(withoutDeployment(pools)));
  return new LayerVersion(scope, id, {
    description: 'pools.json',
    code: Code.fromAsset(folder),
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.ARM_64],
  });
}
