import * as z from 'zod';
import { name, topicArn, apiUrl, logging } from './fields/names.ts';
import { signing } from './fields/signing.ts';

export const statusApiEnv = z.object({
  ...logging,
  JOB_TABLE: name,
  OUTPUT_BUCKET: name,
  JOB_EVENTS_TOPIC_ARN: topicArn,
  API_URL: apiUrl,
  POOLS_FILE: name,
  /** Key of the MAC over list cursors, at least 32 characters. */
  CURSOR_SECRET: z.string().min(32),
  ...signing,
});
