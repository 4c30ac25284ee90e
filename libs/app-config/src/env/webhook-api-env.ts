import * as z from 'zod';
import { name, queueUrl, apiUrl, logging } from './fields/names.ts';
import { webhookSecrets } from './fields/webhook-secrets.ts';

export const webhookApiEnv = z.object({
  ...logging,
  ...webhookSecrets,
  JOB_TABLE: name,
  NOTIFICATIONS_QUEUE_URL: queueUrl,
  API_URL: apiUrl,
  /** Key of the MAC over list cursors, at least 32 characters. */
  CURSOR_SECRET: z.string().min(32),
  /** `true` allows endpoints at http on loopback: the local stack only. */
  ALLOW_LOOPBACK_WEBHOOKS: z.stringbool().default(false),
});
