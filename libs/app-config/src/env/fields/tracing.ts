import * as z from 'zod';

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
