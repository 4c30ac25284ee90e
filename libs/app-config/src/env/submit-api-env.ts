import * as z from 'zod';
import { name, topicArn, apiUrl, logging } from './fields/names.ts';
import { waiting } from './fields/waiting.ts';

export const submitApiEnv = z.object({
  ...logging,
  JOB_TABLE: name,
  JOB_REQUESTS_TOPIC_ARN: topicArn,
  JOB_EVENTS_TOPIC_ARN: topicArn,
  API_URL: apiUrl,
  /** Bucket of the tenants' uploads. */
  INPUT_BUCKET: name,
  OUTPUT_BUCKET: name,
  ...waiting,
  /** Path of the pools' JSON file. */
  POOLS_FILE: name,
  /** `true` allows webhooks to http on loopback: the local stack only. */
  ALLOW_LOOPBACK_WEBHOOKS: z.stringbool().default(false),
});
