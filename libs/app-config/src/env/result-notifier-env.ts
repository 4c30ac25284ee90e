import * as z from 'zod';
import { numberFrom } from '../load-config.ts';
import { name, topicArn, queueUrl, apiUrl, logging } from './fields/names.ts';
import { webhookSecrets } from './fields/webhook-secrets.ts';

export const resultNotifierEnv = z.object({
  ...logging,
  ...webhookSecrets,
  JOB_TABLE: name,
  NOTIFICATIONS_QUEUE_URL: queueUrl,
  ALLOW_LOOPBACK_WEBHOOKS: z.stringbool().default(false),
  WEBHOOK_TIMEOUT_MS: numberFrom({ min: 100, max: 15_000, default: 15_000 }),
  /** For the events of batches, which come of the events of their jobs. */
  JOB_EVENTS_TOPIC_ARN: topicArn,
  API_URL: apiUrl,
  OUTPUT_BUCKET: name,
  LEGACY_RESULTS_TOPIC_ARN: topicArn,
  /** `true` publishes a callback in the guidance's form when a job starts, too, as the guidance does on demand. */
  LEGACY_RUNNING_CALLBACKS: z.stringbool().default(false),
  /** Name or ARN of an EventBridge bus for every event of a job; empty = none. */
  EVENT_BUS: z.string().default(''),
});
