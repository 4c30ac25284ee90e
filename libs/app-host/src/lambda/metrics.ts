import type { CounterName, DurationName } from '@afterimage/telemetry';

/** Metrics of the Lambda edge. */
export const METRICS = {
  requestServed: 'RequestServed',
  requestRefused: 'RequestRefused',
  requestFailed: 'RequestFailed',
  /** Milliseconds. */
  requestTime: 'RequestTime',
  /** Requests above a tenant's rate. */
  rateLimited: 'RateLimited',
  /** Requests that passed only because the store of the rates could not answer. */
  rateUnknown: 'RateLimitUnavailable',
  streamFailed: 'StreamFailed',
  recordHandled: 'RecordHandled',
  recordFailed: 'RecordFailed',
  recordUnreadable: 'RecordUnreadable',
} as const satisfies Record<string, CounterName | DurationName>;
