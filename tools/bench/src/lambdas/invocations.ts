import { encodeId } from '@afterimage/job-schemas';
import type { FunctionName } from './functions.ts';

/** What the table holds before the invocations. */
export interface Prepared {
  readonly apiKey: string;
  readonly jobId: string;
}

const TENANT = 'tenant-1';
const SCOPES = 'jobs:write jobs:read webhooks:manage usage:read';

function apiEvent(
  httpMethod: string,
  resource: string,
  { id, body }: { readonly id?: string; readonly body?: unknown } = {},
) {
  return {
    httpMethod,
    resource,
    path: resource.replace('{id}', id ?? ''),
    headers: { 'content-type': 'application/json' },
    pathParameters: id === undefined ? null : { id },
    multiValueQueryStringParameters: null,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'bench', authorizer: { tenantId: TENANT, keyId: 'bench', scopes: SCOPES } },
  };
}

const CREATE = { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a lighthouse at dusk' } };

/** One invocation of each function: what it is there for, in its plainest form. */
export const INVOCATIONS: Partial<Record<FunctionName, (prepared: Prepared) => unknown>> = {
  'api-authorizer': ({ apiKey }) => ({
    methodArn: 'arn:aws:execute-api:us-east-1:000000000000:api/v1/POST/v1/jobs',
    headers: { authorization: `Bearer ${apiKey}` },
  }),
  'submit-api': () => apiEvent('POST', '/v1/jobs', { body: CREATE }),
  'wait-api': ({ jobId: id }) => apiEvent('GET', '/v1/jobs/{id}', { id }),
  'status-api': () => apiEvent('GET', '/v1/jobs'),
  'webhook-api': () => apiEvent('GET', '/v1/webhook-endpoints'),
  'job-reconciler': () => ({}),
};

const JOB_ID = /job_[0-9A-HJKMNP-TV-Z]{26}/;

/** The calls with another job in them, so that what was made once can be made again. */
export function ofAnotherJob(calls: string, random: Uint8Array): string {
  const [jobId] = JOB_ID.exec(calls) ?? [];
  return jobId === undefined ? calls : calls.replaceAll(jobId, encodeId('job', random));
}
