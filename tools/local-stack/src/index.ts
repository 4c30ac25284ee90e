export { startLocalStack } from './start-local-stack.ts';
export type { LocalStack, LocalStackOptions, WorkerHandle } from './options.ts';
export type { AwsEndpoints } from './aws.ts';
export type { AppName, FunctionName } from './apps.ts';
export { FunctionError } from './lambda/function-error.ts';
export { PortTakenError } from './gateway/gateway.ts';
