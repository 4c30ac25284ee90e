import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function,
  LoggingFormat,
  Runtime,
  Tracing,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { FunctionName } from '../config/stage-config.ts';
import { resourceName, type StageContext } from '../stage-context.ts';
import { functionLogGroup } from './log-group-names.ts';
import { retainedLogGroup } from './log-group.ts';

/** The variables of an app by its schema in libs/app-config: none can be misspelt, or be left over. */
export type EnvironmentOf<Schema extends z.ZodType> = Readonly<Partial<Record<keyof z.input<Schema> & string, string>>>;

export interface AppFunctionProps {
  readonly context: StageContext;
  /** Also of the folder of its bundle. */
  readonly name: FunctionName;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly layers?: readonly ILayerVersion[];
}

/** @throws Error when the bundle is not there: Lambda would say so only when the function is called */
function bundleOf(dist: string, name: FunctionName): string {
  const folder = join(dist, 'apps', name);
  if (!existsSync(join(folder, 'handler.cjs')))
    throw new Error(`${folder} has no handler.cjs: build it with "npx nx run-many -t build"`);
  return folder;
}

/** A Lambda function made of an app's bundle, with a role that may write its own log and traces, and nothing else yet. */
export class AppFunction extends Construct {
  readonly function: Function;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: AppFunctionProps) {
    super(scope, id);
    const { context, name, timeoutSeconds, memoryMb, layers = [] } = props;
    const functionName = resourceName(context.config, name);
    const logGroup = retainedLogGroup(this, 'Logs', context.config, {
      logGroupName: functionLogGroup(context.config, name),
    });
    // Lambda's managed policy for logs would allow writing to every log group of the account.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${props.description} (${functionName})`,
    });
    logGroup.grantWrite(this.role);
    this.function = new Function(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // Source maps hold paths of the machine that built them, so they would make every build another asset.
      code: Code.fromAsset(bundleOf(context.dist, name), { exclude: ['*.map'] }),
      handler: 'handler.handler',
      role: this.role,
      environment: { ...props.environment },
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: memoryMb,
      reservedConcurrentExecutions: context.config.reservedConcurrency[name],
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      layers: [...layers],
    });
  }
}
