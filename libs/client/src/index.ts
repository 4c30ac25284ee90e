export type { Batch, BatchCounts, BatchItem, BatchStatus, CreateBatchRequest } from './batch.ts';
export type { BatchHandle, BatchUpdatesOptions, BatchWaitOptions } from './batch-handle.ts';
export type { Batches } from './batches.ts';
export type { ClientOptions, Fetch, RetryNotice } from './client-options.ts';
export { type Client, createClient, createClientWith, type RunOptions } from './client.ts';
export type {
  CreateJobRequest,
  ImageFile,
  ImageInput,
  ImageRef,
  ImageToImageInput,
  OutputFormat,
  Policy,
  RetryJobRequest,
  Sampler,
  TextToImageInput,
  UpscaleInput,
  WebhookEventType,
  WorkflowInput,
} from './create-job-request.ts';
export * from './errors.ts';
export type { EventsOptions } from './follow-job.ts';
export type { EndEvent, JobEvent, OutputEvent, ProgressEvent, SnapshotEvent, StatusEvent } from './job-event.ts';
export type { CallOptions, JobHandle, UpdatesOptions, WaitOptions } from './job-handle.ts';
export type { JobPreview } from './job-preview.ts';
export type { ListFilter } from './job-requests.ts';
export {
  isFinished,
  type Job,
  type JobAttempt,
  type JobError,
  type JobErrorCode,
  type JobOutput,
  type JobPhase,
  type JobProgress,
  type JobStatus,
  type Open,
} from './job.ts';
export type { CreateOptions, JobList, Jobs, ListOptions } from './jobs.ts';
export type { ApiKey, CreateKeyRequest, Keys, NewApiKey, RotateKeyOptions, Scope } from './keys.ts';
export type { Limits, Range, RangeWithDefault } from './limits.ts';
export type { Model, ModelDetail } from './model.ts';
export type { Models } from './models.ts';
export type { DownloadOptions, OutputHandle } from './output-handle.ts';
export type { FieldError, Problem } from './problem.ts';
export type { Page } from './read-reply.ts';
export type { Runtime } from './runtime.ts';
export type { Uploads } from './uploads.ts';
export type { Usage, UsageAmounts, UsageOptions } from './usage.ts';
export type {
  CreateWebhookEndpointRequest,
  EndpointEventType,
  UpdateWebhookEndpointRequest,
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from './webhook-endpoint.ts';
export type { ListDeliveriesOptions, WebhookDeliveries, WebhookEndpoints } from './webhook-endpoints.ts';
export {
  type BatchWebhookEvent,
  type JobWebhookEvent,
  type TestWebhookEvent,
  type VerifyOptions,
  type WebhookEvent,
  type WebhookHeaders,
  webhooks,
} from './webhooks.ts';
