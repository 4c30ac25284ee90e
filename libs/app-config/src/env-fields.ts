/** What the environments of several apps have in common. */
import * as z from 'zod';
import { numberFrom } from './load-config.ts';

export const name = z.string().min(1);
export const topicArn = z.string().startsWith('arn:');
export const queueUrl = z.url();
export const queueUrls = z
  .string()
  .transform((list) => list.split(',').filter((url) => url !== ''))
  .pipe(z.array(queueUrl));
/** Base URL of the public API; a slash at its end is dropped. */
export const apiUrl = z.url().transform((url) => url.replace(/\/+$/, ''));

export const logging = { LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO') };

/** Of the services; functions send their traces to Lambda's own daemon. */
export const tracing = {
  /** Base URL that takes traces by OTLP over HTTP; there are none without it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Share of the traces that begin in the service which are kept; others follow the decision at their beginning. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  /** Where metrics go: `otlp` to the same URL, `console` to stdout in CloudWatch's embedded metric format. */
  OTEL_METRICS_EXPORTER: z.enum(['otlp', 'console']).default('console'),
};

/** Of functions that show clients their outputs. */
export const signing = {
  /** Lifetime of signed output URLs. */
  URL_EXPIRES_SECONDS: numberFrom({ min: 300, max: 3600, default: 3600 }),
};

/** Of functions that clients wait in for a job and its outputs. */
export const waiting = {
  ...signing,
  /** Pause between two looks at a job that a client waits for. */
  WAIT_POLL_INTERVAL_MS: numberFrom({ min: 50, max: 5000, default: 500 }),
};

const SECRET_KEY_BYTES = 32;
const secretKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.byteLength === SECRET_KEY_BYTES, `must be ${SECRET_KEY_BYTES} bytes in base64`);

export const webhookSecrets = {
  /** Keys over the secrets of webhook endpoints, separated by commas: the first one seals, all of them open. */
  WEBHOOK_SECRET_KEYS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.tuple([secretKey], secretKey)),
};
