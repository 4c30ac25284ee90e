/**
 * The environment of each app: the one contract between an app, the infrastructure that deploys it, and the local stack.
 * AWS's own variables (AWS_REGION, AWS_ENDPOINT_URL_SQS, …) are read by the SDK and so are not listed.
 *
 * Each has a file of its own, and what a few have in common too: a schema is made when its file is loaded, which a function that starts waits for.
 */
export * from './api-authorizer-env.ts';
export * from './ecs-fargate-admin-env.ts';
export * from './gpu-worker-env.ts';
export * from './job-reconciler-env.ts';
export * from './result-notifier-env.ts';
export * from './status-api-env.ts';
export * from './submit-api-env.ts';
export * from './wait-api-env.ts';
export * from './webhook-api-env.ts';
