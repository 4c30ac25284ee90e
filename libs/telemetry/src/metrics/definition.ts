import type { JobErrorCode } from '@afterimage/job-schemas';

/** Apps that write metrics of their own. The value of the dimension `service`. */
export const SERVICES = [
  'api-authorizer',
  'submit-api',
  'status-api',
  'wait-api',
  'webhook-api',
  'result-notifier',
  'job-reconciler',
  'gpu-worker',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Why an attempt of a job failed: every error code of jobs, to which the compiler holds it. */
const IS_FAILURE_REASON: Readonly<Record<JobErrorCode, true>> = {
  worker_lost: true,
  model_load_failed: true,
  out_of_memory: true,
  execution_timeout: true,
  input_fetch_failed: true,
  input_invalid: true,
  workflow_invalid: true,
  bad_output: true,
  output_upload_failed: true,
  engine_error: true,
  internal: true,
};
export const FAILURE_REASONS = Object.keys(IS_FAILURE_REASON);

/** Dimensions beside `service`. `pool` has the one value that its process was configured with. */
export type Dimension = 'pool' | 'reason';

/** Dimensions whose value comes with a call; its type is the closed set. */
export interface CallDimensions {
  readonly reason?: JobErrorCode;
}

/** `counter`: how often. `duration`: milliseconds, of which percentiles are kept. `gauge`: a share from time to time. */
export type MetricKind = 'counter' | 'duration' | 'gauge';

/** One metric of the namespace `Afterimage`. */
export interface MetricDefinition {
  readonly kind: MetricKind;
  readonly unit: 'Count' | 'Milliseconds' | 'Percent';
  readonly services: readonly ServiceName[];
  /** Beside `service`: the metric is there with each of them, and without any. */
  readonly dimensions: readonly Dimension[];
  readonly meaning: string;
}

type Defined<K extends MetricKind, U extends MetricDefinition['unit']> = (
  services: readonly ServiceName[],
  meaning: string,
  dimensions?: readonly Dimension[],
) => MetricDefinition & { readonly kind: K; readonly unit: U };

export const counter: Defined<'counter', 'Count'> = (services, meaning, dimensions = []) => ({
  kind: 'counter',
  unit: 'Count',
  services,
  dimensions,
  meaning,
});

export const duration: Defined<'duration', 'Milliseconds'> = (services, meaning, dimensions = []) => ({
  kind: 'duration',
  unit: 'Milliseconds',
  services,
  dimensions,
  meaning,
});

export const share: Defined<'gauge', 'Percent'> = (services, meaning, dimensions = []) => ({
  kind: 'gauge',
  unit: 'Percent',
  services,
  dimensions,
  meaning,
});
