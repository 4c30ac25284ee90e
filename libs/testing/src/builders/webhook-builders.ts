import type { WebhookEndpointRecord } from '@afterimage/job-schemas';
import { anId, CREATED_AT } from './job-builders.ts';

/** An endpoint of `tenant-1` that is enabled and asks for the ends of jobs. */
export function aWebhookEndpoint(overrides: Partial<WebhookEndpointRecord> = {}): WebhookEndpointRecord {
  return {
    id: anId('whe'),
    tenantId: 'tenant-1',
    url: 'https://hooks.example.com/endpoint',
    events: ['job.succeeded', 'job.failed', 'batch.completed'],
    description: '',
    disabledReason: null,
    disabledAt: null,
    secrets: [{ sealed: 'sealed', expiresAt: null }],
    fingerprint: null,
    version: 1,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...overrides,
  };
}
