import * as z from 'zod';
import { numberFrom } from '../load-config.ts';
import { name, apiUrl, logging } from './fields/names.ts';
import { waiting } from './fields/waiting.ts';

/** Of the function of status-api that clients wait in. */
export const waitApiEnv = z.object({
  ...logging,
  JOB_TABLE: name,
  OUTPUT_BUCKET: name,
  API_URL: apiUrl,
  ...waiting,
  /** Length of a stream of events; below the 15 minutes that API Gateway and Lambda allow. */
  STREAM_SECONDS: numberFrom({ min: 1, max: 840, default: 840 }),
});
