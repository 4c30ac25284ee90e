import * as z from 'zod';
import { numberFrom } from '../load-config.ts';
import { name, topicArn, queueUrl, apiUrl, logging } from './fields/names.ts';
import { queueUrls } from './fields/queue-urls.ts';

export const jobReconcilerEnv = z.object({
  ...logging,
  JOB_TABLE: name,
  JOB_REQUESTS_TOPIC_ARN: topicArn,
  JOB_EVENTS_TOPIC_ARN: topicArn,
  OUTPUT_BUCKET: name,
  NOTIFICATIONS_QUEUE_URL: queueUrl,
  /** The dead-letter queues of every pool, separated by commas. */
  DEAD_LETTER_QUEUE_URLS: queueUrls,
  API_URL: apiUrl,
  /** Overdue items taken from each shard of the index in one run. */
  BATCH_PER_SHARD: numberFrom({ min: 1, max: 1000, default: 100 }),
});
