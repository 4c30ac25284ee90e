import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type LogGroupProps } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage-config.ts';

/** A log group that forgets after the stage's retention and goes with its stack: logs hold no data of clients. */
export function retainedLogGroup(
  scope: Construct,
  id: string,
  { logRetentionDays }: StageConfig,
  props: Omit<LogGroupProps, 'retention' | 'removalPolicy'> = {},
): LogGroup {
  return new LogGroup(scope, id, { ...props, retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
}
