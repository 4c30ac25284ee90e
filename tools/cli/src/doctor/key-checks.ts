import { ApiError, type Client, type Scope } from '@afterimage/client';
import { fail, type Finding, messageOf, ok, warn } from './check.ts';

/** A job that nobody has: to cancel it takes the scope, and changes nothing. */
const NO_JOB = `job_${'0'.repeat(26)}`;

/** For each scope a request that needs it and does no harm; uploads have none. */
const PROBES: readonly (readonly [Scope, (client: Client, signal: AbortSignal) => Promise<unknown>])[] = [
  ['jobs:read', (client, signal) => client.models.list({ signal })],
  ['jobs:write', (client, signal) => client.jobs.cancel(NO_JOB, { signal })],
  ['webhooks:manage', (client, signal) => client.webhookEndpoints.list({ signal })],
  ['usage:read', (client, signal) => client.usage({ signal })],
  ['admin', (client, signal) => client.keys.list({ signal })],
];
/** Without them no job is made. */
const NEEDED: readonly Scope[] = ['jobs:read', 'jobs:write'];

/** @returns false for a key without the scope; true for every other answer to an accepted key */
async function isGranted(probe: Promise<unknown>): Promise<boolean> {
  try {
    await probe;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401 || error.status >= 429) throw error;
    return error.status !== 403;
  }
}

/** Whether the API takes the key, and what the key may do. */
export async function checkKey(client: Client, signal: AbortSignal): Promise<Finding[]> {
  const granted: Scope[] = [];
  try {
    for (const [scope, probe] of PROBES) if (await isGranted(probe(client, signal))) granted.push(scope);
  } catch (error) {
    return [fail('key', messageOf(error), 'store another key with "afterimage login", or set AFTERIMAGE_API_KEY')];
  }
  const missing = NEEDED.filter((scope) => !granted.includes(scope));
  const scopes = granted.length === 0 ? 'it may do nothing that can be seen' : `it has ${granted.join(', ')}`;
  return [
    ok('key', 'the API takes it'),
    missing.length === 0
      ? ok('scopes', scopes)
      : warn('scopes', scopes, `to make images, use a key with ${missing.join(' and ')}`),
  ];
}
