import {
  createJobAnswerSchema,
  createJobSchema,
  jobListSchema,
  jobSchema,
  retryJobSchema,
} from '@afterimage/job-schemas';
import {
  CANCELED_JOB,
  CANCELING_JOB,
  CREATE_EXAMPLES,
  EXAMPLE_JOB_ID,
  JOB_PREVIEW,
  QUEUED_JOB,
  RUNNING_JOB,
  SUCCEEDED_JOB,
} from '../examples.ts';
import type { Operation } from '../operation.ts';

const RETRIED_ID = 'job_01K5XR0B7D2F4H6K8M0P2R4T6V';
const RETRIED_LINKS = Object.fromEntries(
  Object.entries(QUEUED_JOB.links).map(([name, url]) => [name, url?.replace(EXAMPLE_JOB_ID, RETRIED_ID) ?? null]),
);
const RETRIED_JOB = { ...QUEUED_JOB, id: RETRIED_ID, retryOf: EXAMPLE_JOB_ID, links: RETRIED_LINKS };

const CREATED_HEADERS = ['Location', 'ETag', 'PreferenceApplied', 'IdempotencyReplayed'] as const;

const accepted = (description: string, examples: NonNullable<Operation['responses'][202]>['json']) =>
  ({
    description,
    headers: [...CREATED_HEADERS, 'RetryAfter'],
    ...(examples === undefined ? {} : { json: examples }),
  }) as const;

export const createJob: Operation = {
  operationId: 'createJob',
  tag: 'Jobs',
  summary: 'Create a job',
  description:
    'Checks the request, fills in its defaults, and puts the job into the queue of its model. With an idempotency key the ' +
    'request can be repeated safely: it creates the job once and yields it as it is now. With `Prefer: wait=N` the answer ' +
    'waits until the job has ended.',
  parameters: ['DryRun', 'IdempotencyKey', 'Prefer', 'Traceparent'],
  request: { schema: createJobSchema, examples: CREATE_EXAMPLES },
  responses: {
    200: {
      description: 'The job has ended within the wait, or the preview of a dry run.',
      headers: CREATED_HEADERS,
      json: {
        schema: createJobAnswerSchema,
        examples: { succeeded: SUCCEEDED_JOB, 'dry run': JOB_PREVIEW },
      },
    },
    202: accepted('Accepted.', { schema: jobSchema, examples: { queued: QUEUED_JOB } }),
  },
  problems: [
    'malformed-request',
    'output-expired',
    'payload-too-large',
    'unsupported-media-type',
    'validation-failed',
    'idempotency-key-reused',
    'model-not-available',
    'queue-full',
  ],
};

export const retryJob: Operation = {
  operationId: 'retryJob',
  tag: 'Jobs',
  summary: 'Repeat a job',
  description: 'Makes a new job of a job that has ended. A body can give it another seed or policy.',
  parameters: ['IdempotencyKey', 'Prefer', 'Traceparent'],
  request: {
    schema: retryJobSchema,
    isOptional: true,
    examples: { 'another seed': { input: { seed: 43 } }, 'as it was': {} },
  },
  responses: {
    200: {
      description: 'The job has ended within the wait.',
      headers: CREATED_HEADERS,
      json: { schema: jobSchema, examples: { succeeded: SUCCEEDED_JOB } },
    },
    202: accepted('Accepted.', { schema: jobSchema, examples: { queued: RETRIED_JOB } }),
  },
  problems: [
    'malformed-request',
    'not-found',
    'job-not-terminal',
    'output-expired',
    'payload-too-large',
    'unsupported-media-type',
    'validation-failed',
    'idempotency-key-reused',
    'model-not-available',
    'queue-full',
  ],
};

export const listJobs: Operation = {
  operationId: 'listJobs',
  tag: 'Jobs',
  summary: 'List jobs',
  description: 'Newest first. Jobs that are created meanwhile change no page that follows.',
  parameters: ['Status', 'ModelFilter', 'BatchFilter', 'CreatedAfter', 'CreatedBefore', 'Limit', 'Cursor'],
  responses: {
    200: {
      description: 'A page of jobs; their outputs have no signed URLs here.',
      headers: ['Link'],
      json: {
        schema: jobListSchema,
        examples: { 'one job': { data: [QUEUED_JOB], nextCursor: null } },
      },
    },
  },
  problems: ['validation-failed'],
};

export const getJob: Operation = {
  operationId: 'getJob',
  tag: 'Jobs',
  summary: 'Get a job, or wait for it',
  description:
    'With `Prefer: wait=N` the answer waits until the job has ended, or with `If-None-Match` as well until its version is ' +
    'another one. `Retry-After` says when to ask again.',
  parameters: ['Prefer', 'IfNoneMatch'],
  responses: {
    200: {
      description: 'The job.',
      headers: ['ETag', 'RetryAfter', 'PreferenceApplied'],
      json: { schema: jobSchema, examples: { succeeded: SUCCEEDED_JOB, running: RUNNING_JOB, queued: QUEUED_JOB } },
    },
    304: {
      description: 'The job has the version that the client named.',
      headers: ['ETag', 'RetryAfter', 'PreferenceApplied'],
    },
  },
  problems: ['not-found', 'validation-failed'],
};

export const cancelJob: Operation = {
  operationId: 'cancelJob',
  tag: 'Jobs',
  summary: 'Cancel a job',
  description: 'A queued job is canceled at once, a running one within seconds; one that has ended stays as it is.',
  responses: {
    200: {
      description: 'The job has ended.',
      headers: ['ETag'],
      json: { schema: jobSchema, examples: { canceled: CANCELED_JOB } },
    },
    202: {
      description: 'Its worker has been asked to stop.',
      headers: ['ETag', 'RetryAfter'],
      json: { schema: jobSchema, examples: { canceling: CANCELING_JOB } },
    },
  },
  problems: ['not-found'],
};

export const deleteJob: Operation = {
  operationId: 'deleteJob',
  tag: 'Jobs',
  summary: 'Erase a job',
  description: 'Erases the input and the files of a job that has ended, for good. To erase it again changes nothing.',
  responses: { 204: { description: 'Erased.' } },
  problems: ['not-found', 'job-not-terminal'],
};

export const getOutputContent: Operation = {
  operationId: 'getOutputContent',
  tag: 'Jobs',
  summary: 'Download an image',
  description: 'Redirects to a fresh signed URL for as long as there is the file.',
  responses: { 302: { description: 'The signed URL.', headers: ['Location'] } },
  problems: ['not-found', 'output-expired'],
};
