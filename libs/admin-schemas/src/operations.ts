import { apiKeySchema, newApiKeySchema, type ProblemCode, webhookDeliverySchema } from '@afterimage/job-schemas';
import * as z from 'zod';
import { jobTraceSchema } from './trace.ts';
import { actResultSchema, actSchema, countedActSchema } from './acts.ts';
import { auditPageSchema, auditQuerySchema } from './audit.ts';
import { deadLetterActSchema, deadLettersSchema } from './dead-letters.ts';
import {
  adminJobDetailSchema,
  adminJobPageSchema,
  adminJobQuerySchema,
  adminJobSchema,
  adminRetrySchema,
  bulkActSchema,
  galleryPageSchema,
  galleryQuerySchema,
  submitForTenantSchema,
} from './jobs.ts';
import { poolsSchema } from './models.ts';
import { overviewQuerySchema, overviewSchema } from './overview.ts';
import { queueSchema, queuesSchema } from './queues.ts';
import type { AdminRouteKey } from './routes.ts';
import { sessionSchema } from './session.ts';
import {
  changeTenantSchema,
  createKeySchema,
  createTenantSchema,
  keysSchema,
  rotateKeySchema,
  tenantPageSchema,
  tenantQuerySchema,
  tenantViewSchema,
  usageViewSchema,
} from './tenants.ts';
import { deliveryPageSchema, deliveryQuerySchema, endpointPageSchema, endpointQuerySchema } from './webhooks.ts';
import { workerSchema, workersSchema } from './workers.ts';

/** What a route takes and answers. */
export interface AdminOperation {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly answer: z.ZodType;
  /** 200 unless given. */
  readonly status?: 201;
  /** Beside those that every route can answer with. */
  readonly problems?: readonly ProblemCode[];
}

const OF_JOB = ['not-found'] as const;
const OF_NEW_JOB = ['model-not-available', 'queue-full'] as const;

/** What each route takes and answers, by its key in the table of routes. */
export const ADMIN_OPERATIONS: Readonly<Record<AdminRouteKey, AdminOperation>> = {
  'GET /openapi.json': { summary: 'This description', answer: z.looseObject({ openapi: z.string() }) },
  'GET /session': { summary: 'Who is signed in, and where', answer: sessionSchema },
  'GET /overview': { summary: 'How the service does', query: overviewQuerySchema, answer: overviewSchema },

  'GET /jobs': { summary: 'Jobs of every tenant', query: adminJobQuerySchema, answer: adminJobPageSchema },
  'POST /jobs': {
    summary: 'Submit a job for a tenant',
    body: submitForTenantSchema,
    answer: adminJobSchema,
    status: 201,
    problems: OF_NEW_JOB,
  },
  'POST /jobs/bulk': { summary: 'Cancel, retry or erase jobs', body: bulkActSchema, answer: actResultSchema },
  'GET /jobs/:id': { summary: 'A job with its timeline', answer: adminJobDetailSchema, problems: OF_JOB },
  'POST /jobs/:id/cancel': { summary: 'Cancel a job', body: actSchema, answer: adminJobSchema, problems: OF_JOB },
  'POST /jobs/:id/retry': {
    summary: 'Retry a job as a new one',
    body: adminRetrySchema,
    answer: adminJobSchema,
    status: 201,
    problems: [...OF_JOB, ...OF_NEW_JOB, 'job-not-terminal'],
  },
  'POST /jobs/:id/erase': {
    summary: 'Erase what a job was given and made',
    body: actSchema,
    answer: adminJobSchema,
    problems: [...OF_JOB, 'job-not-terminal'],
  },
  'GET /jobs/:id/deliveries': {
    summary: 'Webhook deliveries of a job',
    query: deliveryQuerySchema,
    answer: deliveryPageSchema,
    problems: OF_JOB,
  },
  'GET /jobs/:id/trace': { summary: 'The trace of a job', answer: jobTraceSchema, problems: OF_JOB },
  'GET /gallery': { summary: 'The newest pictures', query: galleryQuerySchema, answer: galleryPageSchema },

  'GET /queues': { summary: 'How much waits where, and how fast it goes', answer: queuesSchema },
  'POST /queues/:name/pause': {
    summary: 'No worker takes from the queue',
    body: actSchema,
    answer: queueSchema,
    problems: ['not-found'],
  },
  'POST /queues/:name/resume': {
    summary: 'Workers take from the queue again',
    body: actSchema,
    answer: queueSchema,
    problems: ['not-found'],
  },
  'POST /queues/:name/purge': {
    summary: 'Cancel the jobs that wait in the queue, for 20 seconds at most',
    body: countedActSchema,
    answer: queueSchema,
    problems: ['not-found', 'count-changed'],
  },

  'GET /dead-letters': { summary: 'What nobody could handle, by its cause', answer: deadLettersSchema },
  'POST /dead-letters/redrive': {
    summary: 'Let dead letters be handled again',
    body: deadLetterActSchema,
    answer: actResultSchema,
    problems: ['not-found', 'count-changed'],
  },
  'POST /dead-letters/discard': {
    summary: 'Delete dead letters',
    body: deadLetterActSchema,
    answer: actResultSchema,
    problems: ['not-found', 'count-changed'],
  },

  'GET /workers': { summary: 'Workers that were heard of lately', answer: workersSchema },
  'POST /workers/:id/drain': {
    summary: 'Let a worker finish its job and end',
    body: actSchema,
    answer: workerSchema,
    problems: ['not-found'],
  },
  'GET /pools': { summary: 'Pools and their models', answer: poolsSchema },

  'GET /tenants': { summary: 'Tenants', query: tenantQuerySchema, answer: tenantPageSchema },
  'POST /tenants': { summary: 'Create a tenant', body: createTenantSchema, answer: tenantViewSchema, status: 201 },
  'GET /tenants/:id': { summary: 'A tenant', answer: tenantViewSchema, problems: ['not-found'] },
  'PATCH /tenants/:id': {
    summary: 'Change what a tenant may use',
    body: changeTenantSchema,
    answer: tenantViewSchema,
    problems: ['not-found'],
  },
  'GET /tenants/:id/usage': {
    summary: 'What a tenant used in the last 30 days',
    answer: usageViewSchema,
    problems: ['not-found'],
  },
  'GET /tenants/:id/keys': { summary: 'API keys of a tenant', answer: keysSchema, problems: ['not-found'] },
  'POST /tenants/:id/keys': {
    summary: 'Create an API key; its text is shown once',
    body: createKeySchema,
    answer: newApiKeySchema,
    status: 201,
    problems: ['not-found'],
  },
  'POST /tenants/:id/keys/:keyId/rotate': {
    summary: 'Replace an API key, which works on for a while',
    body: rotateKeySchema,
    answer: newApiKeySchema,
    status: 201,
    problems: ['not-found'],
  },
  'POST /tenants/:id/keys/:keyId/revoke': {
    summary: 'End an API key',
    body: actSchema,
    answer: apiKeySchema,
    problems: ['not-found'],
  },

  'GET /webhook-endpoints': {
    summary: 'Webhook endpoints of every tenant',
    query: endpointQuerySchema,
    answer: endpointPageSchema,
  },
  'GET /webhook-endpoints/:id/deliveries': {
    summary: 'Deliveries to an endpoint',
    query: deliveryQuerySchema,
    answer: deliveryPageSchema,
    problems: ['not-found'],
  },
  'POST /webhook-deliveries/:id/redeliver': {
    summary: 'Send a delivery again',
    body: actSchema,
    answer: webhookDeliverySchema,
    problems: ['not-found', 'webhook-endpoint-disabled'],
  },

  'GET /audit': { summary: 'What operators did', query: auditQuerySchema, answer: auditPageSchema },
};
