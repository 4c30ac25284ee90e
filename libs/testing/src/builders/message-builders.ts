import type { ApiKey, Tenant } from '@afterimage/job-core';
import { after, jobEvent } from '@afterimage/job-core';
import type { Delivery, JobEvent, JobMessage, JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, anId, CREATED_AT } from './job-builders.ts';

/** The claim check of a job's current attempt. */
export function aJobMessage(job: JobRecord = aJobRecord()): JobMessage {
  return {
    jobId: job.id,
    tenantId: job.tenantId,
    pool: job.pool,
    priority: job.policy.priority,
    attempt: job.attempt,
  };
}

/** The event of the state that a job is in, which must be one that has an event. */
export function aJobEvent(job: JobRecord = aJobRecord()): JobEvent {
  const event = jobEvent(job, { apiUrl: 'https://api.example.com', now: new Date(CREATED_AT) });
  if (event === undefined) throw new Error(`a job that is ${job.status} has no event`);
  return event;
}

/** A webhook delivery whose first attempt is due a minute after its creation. */
export function aDelivery(overrides: Partial<Delivery> = {}): Delivery {
  return {
    id: anId('whd'),
    tenantId: 'tenant-1',
    eventId: anId('evt'),
    eventType: 'job.succeeded',
    subject: anId('job'),
    endpointId: null,
    url: 'https://example.com/hook',
    status: 'pending',
    attempt: 1,
    firstAttempt: 1,
    body: '{"type":"job.succeeded"}',
    traceparent: null,
    createdAt: CREATED_AT,
    dueAt: after(new Date(CREATED_AT), 60),
    lastStatusCode: null,
    lastError: null,
    lastLatencyMs: null,
    attempts: [],
    ...overrides,
  };
}

export function anApiKey(overrides: Partial<ApiKey> = {}): ApiKey {
  return {
    keyId: anId('evt').slice(4),
    tenantId: 'tenant-1',
    name: 'a key',
    scopes: ['jobs:read', 'jobs:write'],
    secretSha256: 'a'.repeat(64),
    createdAt: CREATED_AT,
    revokedAt: null,
    ...overrides,
  };
}

export function aTenant(overrides: Partial<Tenant> = {}): Tenant {
  return {
    tenantId: `tenant-${anId('evt').slice(4)}`,
    webhookSecrets: ['whsec_bmV3', 'whsec_b2xk'],
    quotas: {},
    ...overrides,
  };
}
