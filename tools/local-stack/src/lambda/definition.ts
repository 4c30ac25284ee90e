import { dirname } from 'node:path';

/** A function as its deployment describes it. */
export interface FunctionDefinition {
  readonly name: string;
  /** Path of the built CommonJS bundle that exports `handler`. */
  readonly bundle: string;
  /** The function's own variables; those that Lambda sets come on top. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Invocations that one environment runs at a time; further ones wait. */
  readonly maxConcurrency: number;
  /** `host:port` of the X-Ray daemon; nothing is traced without one. */
  readonly daemonAddress?: string | undefined;
}

export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:${name}`;
}

/** The variables that Lambda sets in every environment. */
export function lambdaVariables(definition: FunctionDefinition, logStream: string): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: definition.env.AWS_REGION ?? REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: dirname(definition.bundle),
    ...(definition.daemonAddress === undefined ? {} : { AWS_XRAY_DAEMON_ADDRESS: definition.daemonAddress }),
    _HANDLER: 'handler.handler',
  };
}
