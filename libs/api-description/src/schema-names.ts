import {
  acceptedInputSchemas,
  apiKeyListSchema,
  apiKeySchema,
  attemptSchema,
  batchCountsSchema,
  batchItemSchema,
  batchSchema,
  batchWebhookBodySchema,
  batchWebhookSchema,
  createBatchSchema,
  createApiKeySchema,
  createJobAnswerSchema,
  createJobSchema,
  createOldTaskSchema,
  createTaskSchema,
  createUploadSchema,
  createWebhookEndpointSchema,
  eventBatchSchema,
  eventJobSchema,
  fieldErrorSchema,
  imageRefSchema,
  imageToImageInputSchema,
  jobErrorSchema,
  jobInputSchema,
  jobListSchema,
  jobOutputSchema,
  jobPreviewSchema,
  jobSchema,
  jobTimelineSchema,
  modelDetailSchema,
  modelListSchema,
  modelSchema,
  newApiKeySchema,
  outputOptionsSchema,
  policySchema,
  oldTaskAcceptedSchema,
  problemSchema,
  progressSchema,
  rawInputSchema,
  redeliveriesSchema,
  retryJobSchema,
  rotateApiKeySchema,
  taskAcceptedSchema,
  tenantLimitsSchema,
  testWebhookBodySchema,
  textToImageInputSchema,
  timelineEventSchema,
  timingsSchema,
  uploadSchema,
  updateWebhookEndpointSchema,
  upscaleInputSchema,
  usageSchema,
  webhookBodySchema,
  webhookDeliveryListSchema,
  webhookDeliverySchema,
  webhookEndpointListSchema,
  webhookEndpointSchema,
  webhookEndpointWithSecretSchema,
  webhookTargetSchema,
  workflowInputSchema,
} from '@afterimage/job-schemas';
import * as z from 'zod';
import { healthSchema } from './health-schema.ts';

/** The name of a component, and keywords to put over those that zod finds. */
export interface Component {
  readonly id: string;
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** A schema's name is given once in each direction: defaults are optional in a request and there in a response. */
export const requests = z.registry<Component>();
export const responses = z.registry<Component>();

/** A reference to the component of this name. */
export function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}

const taskComponents = {
  'text-to-image': 'CreateTextToImageJob',
  'image-to-image': 'CreateImageToImageJob',
  upscale: 'CreateUpscaleJob',
  workflow: 'CreateWorkflowJob',
} as const;

for (const option of createJobSchema.options) requests.add(option, { id: taskComponents[option.shape.task.value] });
requests
  .add(createJobSchema, {
    id: 'CreateJob',
    description: 'Only `model`, `task` and what the task itself needs are required; the reply shows the defaults.',
    discriminator: {
      propertyName: 'task',
      mapping: Object.fromEntries(Object.entries(taskComponents).map(([task, id]) => [task, refTo(id)])),
    },
  })
  .add(textToImageInputSchema, { id: 'TextToImageInput', description: 'Without `seed` the server draws one.' })
  .add(imageToImageInputSchema, {
    id: 'ImageToImageInput',
    description:
      'A mask has the size of the image and is white where the image may change. `width` and `height` go together.',
    dependentRequired: { width: ['height'], height: ['width'] },
  })
  .add(upscaleInputSchema, { id: 'UpscaleInput', description: 'One image, `scale` times as wide and high.' })
  .add(workflowInputSchema, {
    id: 'WorkflowInput',
    description: 'A ComfyUI workflow in API format. An input `{{name}}` of a node stands for the image `name`.',
  })
  .add(imageRefSchema, {
    id: 'ImageRef',
    description: 'Exactly one of an upload, an https URL, and an output of an earlier job (`job_.../0`).',
    minProperties: 1,
    maxProperties: 1,
  })
  .add(outputOptionsSchema, { id: 'OutputOptions', description: '`quality` applies to JPEG, WebP and AVIF.' })
  .add(policySchema, { id: 'Policy', description: 'When and how often the job may run, and how long files are kept.' })
  .add(retryJobSchema, { id: 'RetryJob', description: 'What the new job has otherwise than its source.' })
  .add(createApiKeySchema, { id: 'CreateApiKey', description: 'A name to tell it by, and what it may do.' })
  .add(rotateApiKeySchema, { id: 'RotateApiKey', description: 'How long the old key still works.' })
  .add(createBatchSchema, { id: 'CreateBatch', description: 'Requests for jobs, each checked by itself.' })
  .add(batchWebhookSchema, { id: 'BatchWebhook', description: 'Called once, with `batch.completed`.' })
  .add(createUploadSchema, { id: 'CreateUpload', description: 'The file that the client is going to put.' })
  .add(createWebhookEndpointSchema, { id: 'CreateWebhookEndpoint' })
  .add(updateWebhookEndpointSchema, { id: 'UpdateWebhookEndpoint' })
  .add(webhookTargetSchema, { id: 'WebhookTarget', description: 'Called with the events that it names.' });

requests
  .add(createTaskSchema, {
    id: 'CreateTask',
    description: '`content` is the body of SD WebUI, or the workflow of ComfyUI.',
  })
  .add(createOldTaskSchema, {
    id: 'CreateOldTask',
    description: 'The body of SD WebUI, with the routing among its scripts.',
  });

responses
  .add(taskAcceptedSchema, { id: 'TaskAccepted' })
  .add(oldTaskAcceptedSchema, { id: 'OldTaskAccepted' })
  .add(jobSchema, {
    id: 'Job',
    description:
      '`version` grows with each change of status, phase, outputs or error. A field without a value is null.',
  })
  .add(timelineEventSchema, {
    id: 'TimelineEvent',
    description: 'Something that happened to a job. Its id, sent as `Last-Event-ID`, resumes a stream after it.',
  })
  .add(jobTimelineSchema, { id: 'JobTimeline', description: 'Everything that happened to a job so far, in order.' })
  .add(jobInputSchema, { id: 'JobInput', description: 'The input of the task, with defaults and seed filled in.' })
  .add(acceptedInputSchemas['text-to-image'], { id: 'JobTextToImageInput' })
  .add(acceptedInputSchemas['image-to-image'], { id: 'JobImageToImageInput' })
  .add(acceptedInputSchemas.upscale, { id: 'JobUpscaleInput' })
  .add(acceptedInputSchemas.workflow, { id: 'JobWorkflowInput' })
  .add(rawInputSchema, { id: 'JobRawInput', description: 'A body of the engine itself, as it was sent.' })
  .add(imageRefSchema, { id: 'JobImageRef' })
  .add(outputOptionsSchema, { id: 'JobOutputOptions' })
  .add(policySchema, { id: 'JobPolicy' })
  .add(jobOutputSchema, {
    id: 'JobOutput',
    description: 'One image. `url` is signed and short-lived; `contentUrl` lives as long as the file.',
  })
  .add(progressSchema, {
    id: 'Progress',
    description:
      'How far a running job is. `previewUrl` is a small WebP of the image being made, as it is when it is fetched: signed, ' +
      'short-lived, another URL in each answer, and null before the first preview, after the end, and in pools without previews.',
  })
  .add(attemptSchema, { id: 'Attempt', description: '`outcome` is null while it runs; `lost`: its worker went away.' })
  .add(timingsSchema, { id: 'Timings', description: 'Milliseconds; null until known.' })
  .add(jobErrorSchema, { id: 'JobError', description: 'Why the job failed. This is no HTTP error.' })
  .add(jobListSchema, { id: 'JobList', description: 'A page; `nextCursor` is null on the last one.' })
  .add(modelSchema, { id: 'Model' })
  .add(jobPreviewSchema, { id: 'JobPreview', description: 'A job as it would be created, with estimates.' })
  .add(createJobAnswerSchema, { id: 'CreateJobAnswer', description: 'The job, or the preview of a dry run.' })
  .add(modelDetailSchema, { id: 'ModelDetail', description: 'A model with what its tasks take.' })
  .add(apiKeySchema, { id: 'ApiKey', description: 'A key without its secret.' })
  .add(newApiKeySchema, { id: 'NewApiKey', description: 'A key with its secret, which is shown once.' })
  .add(apiKeyListSchema, { id: 'ApiKeyList' })
  .add(tenantLimitsSchema, { id: 'Limits' })
  .add(usageSchema, { id: 'Usage' })
  .add(modelListSchema, { id: 'ModelList' })
  .add(uploadSchema, { id: 'Upload' })
  .add(healthSchema, { id: 'Health' })
  .add(problemSchema, { id: 'Problem', description: 'A problem document (RFC 9457). `code` names the problem.' })
  .add(fieldErrorSchema, { id: 'FieldError', description: '`pointer` is a JSON pointer, or the name of a parameter.' })
  .add(batchSchema, { id: 'Batch', description: 'Many jobs and what became of each.' })
  .add(batchCountsSchema, { id: 'BatchCounts', description: 'Items by the state of their jobs.' })
  .add(batchItemSchema, { id: 'BatchItem', description: '`jobId` is null when the item was rejected.' })
  .add(eventBatchSchema, { id: 'EventBatch', description: 'The batch without its items.' })
  .add(batchWebhookBodySchema, { id: 'BatchWebhookBody' })
  .add(eventJobSchema, { id: 'EventJob', description: 'The job without its input.' })
  .add(webhookEndpointSchema, {
    id: 'WebhookEndpoint',
    description: 'Where events of the tenant are sent to.',
  })
  .add(webhookEndpointWithSecretSchema, { id: 'WebhookEndpointWithSecret' })
  .add(webhookEndpointListSchema, { id: 'WebhookEndpointList' })
  .add(webhookDeliverySchema, { id: 'WebhookDelivery', description: 'One event on its way to one receiver.' })
  .add(webhookDeliveryListSchema, { id: 'WebhookDeliveryList' })
  .add(redeliveriesSchema, { id: 'WebhookRedeliveries' })
  .add(testWebhookBodySchema, { id: 'TestWebhookBody' })
  .add(webhookBodySchema, { id: 'WebhookBody' });
