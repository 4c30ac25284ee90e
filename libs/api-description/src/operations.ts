import type { ApiFunction, RouteKey } from '@afterimage/app-config';
import type { Operation } from './operation.ts';
import { cancelBatch, createBatch, getBatch } from './operations/batches.ts';
import { getJobEvents } from './operations/events.ts';
import { cancelJob, createJob, deleteJob, getJob, getOutputContent, listJobs, retryJob } from './operations/jobs.ts';
import { createKey, getKey, listKeys, revokeKey, rotateKey } from './operations/keys.ts';
import { createOldTask, createTask, createTaskAtRoot } from './operations/legacy.ts';
import { getLimits, getModel, getUsage, listModels } from './operations/models.ts';
import { createUpload } from './operations/uploads.ts';
import { getDocs, getHealth, getOpenapi } from './operations/service.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  redeliverFailed,
  redeliverWebhook,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from './operations/webhooks.ts';

/** What each route does. The compiler asks for an entry for each route of the API. */
export const OPERATIONS: Readonly<Record<RouteKey<ApiFunction>, Operation>> = {
  'POST /v1/jobs': createJob,
  'GET /v1/jobs': listJobs,
  'GET /v1/jobs/{id}': getJob,
  'GET /v1/jobs/{id}/events': getJobEvents,
  'DELETE /v1/jobs/{id}': deleteJob,
  'POST /v1/jobs/{id}/cancel': cancelJob,
  'POST /v1/jobs/{id}/retry': retryJob,
  'GET /v1/jobs/{id}/outputs/{n}/content': getOutputContent,
  'POST /v1/batches': createBatch,
  'GET /v1/batches/{id}': getBatch,
  'POST /v1/batches/{id}/cancel': cancelBatch,
  'POST /v1/uploads': createUpload,
  'POST /v1alpha2/task': createTask,
  'POST /v1alpha2': createTaskAtRoot,
  'POST /v1alpha1': createOldTask,
  'POST /v1/webhook-endpoints': createWebhookEndpoint,
  'GET /v1/webhook-endpoints': listWebhookEndpoints,
  'GET /v1/webhook-endpoints/{id}': getWebhookEndpoint,
  'PATCH /v1/webhook-endpoints/{id}': updateWebhookEndpoint,
  'DELETE /v1/webhook-endpoints/{id}': deleteWebhookEndpoint,
  'POST /v1/webhook-endpoints/{id}/rotate-secret': rotateWebhookSecret,
  'POST /v1/webhook-endpoints/{id}/test': testWebhookEndpoint,
  'GET /v1/webhook-endpoints/{id}/deliveries': listWebhookDeliveries,
  'POST /v1/webhook-endpoints/{id}/redeliver-failed': redeliverFailed,
  'GET /v1/webhook-deliveries/{id}': getWebhookDelivery,
  'POST /v1/webhook-deliveries/{id}/redeliver': redeliverWebhook,
  'GET /v1/models': listModels,
  'GET /v1/models/{id}': getModel,
  'POST /v1/keys': createKey,
  'GET /v1/keys': listKeys,
  'GET /v1/keys/{id}': getKey,
  'POST /v1/keys/{id}/rotate': rotateKey,
  'POST /v1/keys/{id}/revoke': revokeKey,
  'GET /v1/limits': getLimits,
  'GET /v1/usage': getUsage,
  'GET /v1/health': getHealth,
  'GET /v1/openapi.json': getOpenapi,
  'GET /docs': getDocs,
};
