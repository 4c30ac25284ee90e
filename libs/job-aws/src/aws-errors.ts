import { DependencyUnavailableError } from '@afterimage/job-core';

const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'SlowDown',
  'Throttled',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Whether AWS throttled, failed or could not be reached, so that the same call may succeed later. */
export function isTransientAwsError(error: unknown): boolean {
  const status = field(field(error, '$metadata'), 'httpStatusCode');
  return (
    TRANSIENT_NAMES.has(String(field(error, 'name'))) ||
    NETWORK_CODES.has(String(field(error, 'code'))) ||
    (typeof status === 'number' && (status >= 500 || status === 429))
  );
}

/** Whether a conditional write was refused because its condition did not hold. */
export function isConditionRefused(error: unknown): boolean {
  return field(error, 'name') === 'ConditionalCheckFailedException';
}

/**
 * Makes one call to AWS.
 * @param service named in the message of the error
 * @throws DependencyUnavailableError with the cause, for what {@link isTransientAwsError} tells; other errors as they are
 */
export async function callAws<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (!isTransientAwsError(cause)) throw cause;
    throw new DependencyUnavailableError(`${service} is not available: ${String(field(cause, 'name'))}`, { cause });
  }
}

/**
 * Makes one conditional write.
 * @returns false when its condition did not hold, and nothing was written
 * @throws as {@link callAws}
 */
export async function conditionHolds(service: string, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await callAws(service, write);
    return true;
  } catch (error) {
    if (isConditionRefused(error)) return false;
    throw error;
  }
}
