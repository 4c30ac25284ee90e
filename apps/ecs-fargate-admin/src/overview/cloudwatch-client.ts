import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

const CONNECT_MS = 2000;
const REQUEST_MS = 5000;
const MAX_ATTEMPTS = 3;

/** Every call ends: 2 s to connect, 5 s for the answer, three attempts. */
export function createCloudWatchClient(): CloudWatchClient {
  return new CloudWatchClient({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
}
