import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem, LifecyclePolicy, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';

/** The file system of the pools whose models are on EFS: encrypted, with a mount target in each private subnet. */
export function modelFileSystem(scope: Construct, id: string, vpc: IVpc, { config }: StageContext): FileSystem {
  return new FileSystem(scope, id, {
    vpc,
    vpcSubnets: { subnets: vpc.privateSubnets },
    fileSystemName: resourceName(config, 'models'),
    encrypted: true,
    throughputMode: ThroughputMode.ELASTIC,
    lifecyclePolicy: LifecyclePolicy.AFTER_90_DAYS,
    enableAutomaticBackups: !config.deletable,
    removalPolicy: dataRemoval(config),
  });
}
