import type * as z from 'zod';
import { loadConfig } from '@afterimage/app-config';
import { awsVariables, type AwsEndpoints } from './aws.ts';
import { APP_ENV_SCHEMAS, APP_NAMES, type AppName, pageDirectory } from './apps.ts';
import type { Resources } from './provision/provision.ts';

export type Variables = Readonly<Record<string, string>>;
export type AppOverrides = Readonly<Partial<Record<AppName, Variables>>>;

export interface AppEnvironmentsInput {
  readonly apiUrl: string;
  readonly endpoints: AwsEndpoints;
  readonly resources: Resources;
  /** Base URL that takes and answers traces; there are none without it. */
  readonly tracesUrl: string | undefined;
  readonly poolsFile: string;
  readonly appsDirectory: string;
  /** The pool whose queues the worker takes from, and its engine. */
  readonly workerPool: { readonly name: string; readonly engine: string };
  readonly cursorSecret: string;
  readonly webhookSecretKeys: string;
  /** Put over the stack's own values, app by app. */
  readonly overrides: AppOverrides;
}

/** Keys that the schemas know, so that no variable is misspelt or left over. */
type Settings = { readonly [App in AppName]: Partial<Record<keyof z.input<(typeof APP_ENV_SCHEMAS)[App]>, string>> };

function queueUrl(resources: Resources, name: string): string {
  const queue = resources.jobQueues[name];
  if (queue === undefined) throw new Error(`there is no queue ${name}`);
  return queue.url;
}

function settings(input: AppEnvironmentsInput): Settings {
  const { apiUrl, resources, poolsFile, workerPool, cursorSecret, webhookSecretKeys } = input;
  const JOB_TABLE = resources.table;
  const OUTPUT_BUCKET = resources.bucket;
  const API_URL = apiUrl;
  const topics = {
    JOB_REQUESTS_TOPIC_ARN: resources.topics.jobRequests,
    JOB_EVENTS_TOPIC_ARN: resources.topics.jobEvents,
  };
  const tracing = input.tracesUrl === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: input.tracesUrl };
  const NOTIFICATIONS_QUEUE_URL = resources.notifications.url;
  const deadLetterUrls = Object.values(resources.jobQueues).map(({ deadLetters }) => deadLetters.url);
  return {
    'api-authorizer': { JOB_TABLE },
    'submit-api': {
      JOB_TABLE,
      ...topics,
      API_URL,
      INPUT_BUCKET: resources.inputBucket,
      OUTPUT_BUCKET,
      WAIT_POLL_INTERVAL_MS: '200',
      POOLS_FILE: poolsFile,
      ALLOW_LOOPBACK_WEBHOOKS: 'true',
    },
    'status-api': {
      JOB_TABLE,
      OUTPUT_BUCKET,
      JOB_EVENTS_TOPIC_ARN: topics.JOB_EVENTS_TOPIC_ARN,
      API_URL,
      POOLS_FILE: poolsFile,
      CURSOR_SECRET: cursorSecret,
    },
    'wait-api': { JOB_TABLE, OUTPUT_BUCKET, API_URL, WAIT_POLL_INTERVAL_MS: '200' },
    'webhook-api': {
      JOB_TABLE,
      NOTIFICATIONS_QUEUE_URL,
      API_URL,
      CURSOR_SECRET: cursorSecret,
      WEBHOOK_SECRET_KEYS: webhookSecretKeys,
      ALLOW_LOOPBACK_WEBHOOKS: 'true',
    },
    'result-notifier': {
      JOB_TABLE,
      OUTPUT_BUCKET,
      LEGACY_RESULTS_TOPIC_ARN: resources.topics.legacyResults,
      LEGACY_RUNNING_CALLBACKS: 'true',
      JOB_EVENTS_TOPIC_ARN: topics.JOB_EVENTS_TOPIC_ARN,
      API_URL,
      NOTIFICATIONS_QUEUE_URL,
      WEBHOOK_SECRET_KEYS: webhookSecretKeys,
      ALLOW_LOOPBACK_WEBHOOKS: 'true',
    },
    'job-reconciler': {
      JOB_TABLE,
      ...topics,
      OUTPUT_BUCKET,
      NOTIFICATIONS_QUEUE_URL,
      DEAD_LETTER_QUEUE_URLS: deadLetterUrls.join(','),
      API_URL,
    },
    'ecs-fargate-admin': {
      ...tracing,
      ...(input.tracesUrl === undefined
        ? {}
        : { XRAY_TRACES: 'true', TRACE_LINK: `${input.tracesUrl}/traces/{traceId}` }),
      JOB_TABLE,
      INPUT_BUCKET: resources.inputBucket,
      OUTPUT_BUCKET,
      ...topics,
      NOTIFICATIONS_QUEUE_URL,
      JOB_QUEUE_URLS: Object.values(resources.jobQueues)
        .map(({ url }) => url)
        .join(','),
      DEAD_LETTER_QUEUE_URLS: [...deadLetterUrls, resources.notifications.deadLetters.url].join(','),
      API_URL,
      POOLS_FILE: poolsFile,
      CURSOR_SECRET: cursorSecret,
      ALLOW_LOOPBACK_WEBHOOKS: 'true',
      PAGE_DIRECTORY: pageDirectory(input.appsDirectory),
      IMAGE_ORIGINS: new URL(input.endpoints.s3).origin,
      LOGS_COMMAND: 'npx afterimage logs {jobId}',
      STAGE: 'local',
      AUTHENTICATION: 'local',
      HOST: '127.0.0.1',
    },
    'gpu-worker': {
      ...tracing,
      JOB_TABLE,
      OUTPUT_BUCKET,
      INPUT_BUCKET: resources.inputBucket,
      ...topics,
      API_URL,
      POOL: workerPool.name,
      INTERACTIVE_QUEUE_URL: queueUrl(resources, `${workerPool.name}-interactive`),
      BATCH_QUEUE_URL: queueUrl(resources, `${workerPool.name}-batch`),
      WORKER_ID: `${workerPool.name}-1`,
      ENGINE: workerPool.engine,
      DRAIN_SECONDS: '5',
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: '8081',
    },
  };
}

/**
 * The environment of every app, complete: its own variables and those of the AWS SDK.
 * @throws ConfigError when one does not fit its schema
 */
export function appEnvironments(input: AppEnvironmentsInput): Record<AppName, Variables> {
  const own = settings(input);
  const environments = APP_NAMES.map((app) => {
    const variables = { ...awsVariables(input.endpoints, input.tracesUrl), ...own[app], ...input.overrides[app] };
    loadConfig(APP_ENV_SCHEMAS[app], variables);
    return [app, variables] as const;
  });
  return Object.fromEntries(environments) as Record<AppName, Variables>;
}
