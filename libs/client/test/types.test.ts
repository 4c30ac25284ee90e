import type {
  Batch as ServerBatch,
  createBatchSchema,
  createJobSchema,
  policySchema,
  retryJobSchema,
  Job as ServerJob,
  JobPreview as ServerJobPreview,
  jobEventTypeSchema,
  Model as ServerModel,
  ModelDetail as ServerModelDetail,
  TenantLimits,
} from '@afterimage/job-schemas';
import { jobErrorCodeSchema, jobPhaseSchema, jobStatusSchema, isTerminal } from '@afterimage/job-schemas';
import { expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import {
  isFinished,
  type Batch,
  type CreateBatchRequest,
  type CreateJobRequest,
  type ImageRef,
  type Job,
  type JobPreview,
  type Limits,
  type Model,
  type ModelDetail,
  type Policy,
  type RetryJobRequest,
  type WebhookEventType,
} from '../src/index.ts';
import { isKnownStatus } from '../src/job.ts';

type ServerRequest = z.input<typeof createJobSchema>;
/** The server's own type asks for a list that can be changed. */
type WithoutWebhook<T> = T extends unknown ? Omit<T, 'webhook'> : never;
type KeysOf<T> = T extends unknown ? keyof T : never;
type InputKeys<T extends { input: unknown }> = T extends unknown ? KeysOf<T['input']> : never;

test('the types are those of the API', () => {
  expectTypeOf<ServerJob>().toExtend<Job>();
  expectTypeOf<ServerJobPreview>().toExtend<JobPreview>();
  expectTypeOf<keyof JobPreview>().toEqualTypeOf<keyof ServerJobPreview>();
  expectTypeOf<ServerModel>().toExtend<Model>();
  expectTypeOf<WithoutWebhook<CreateJobRequest<ImageRef>>>().toExtend<ServerRequest>();
  expectTypeOf<TenantLimits>().toExtend<Limits>();
  expectTypeOf<ServerModelDetail['inputSchemas']>().toExtend<Partial<ModelDetail['inputSchemas']>>();
  expectTypeOf<RetryJobRequest>().toExtend<z.input<typeof retryJobSchema>>();
  expectTypeOf<keyof RetryJobRequest>().toEqualTypeOf<keyof z.input<typeof retryJobSchema>>();
  expectTypeOf<keyof Policy>().toEqualTypeOf<keyof z.input<typeof policySchema>>();
  expectTypeOf<KeysOf<CreateJobRequest>>().toEqualTypeOf<KeysOf<ServerRequest>>();
  expectTypeOf<InputKeys<CreateJobRequest>>().toEqualTypeOf<InputKeys<ServerRequest>>();
  expectTypeOf<keyof Job>().toEqualTypeOf<keyof ServerJob>();
  expectTypeOf<ServerBatch>().toExtend<Batch>();
  expectTypeOf<keyof Batch>().toEqualTypeOf<keyof ServerBatch>();
  expectTypeOf<keyof CreateBatchRequest>().toEqualTypeOf<keyof z.input<typeof createBatchSchema>>();
  expectTypeOf<WebhookEventType>().toEqualTypeOf<z.infer<typeof jobEventTypeSchema>>();
});

test('values that later releases add are text', () => {
  expectTypeOf<'archived'>().toExtend<Job['status']>();
  const codes: NonNullable<Job['error']>['code'][] = [...jobErrorCodeSchema.options, 'a_new_one'];
  const phases: Job['phase'][] = [...jobPhaseSchema.options, 'second_look', null];
  expect([codes.length, phases.length]).toEqual([
    jobErrorCodeSchema.options.length + 1,
    jobPhaseSchema.options.length + 2,
  ]);
});

test.each(jobStatusSchema.options)('%s is known, and finished or not as on the server', (status) => {
  expect(isKnownStatus(status)).toBe(true);
  expect(isFinished({ status })).toBe(isTerminal(status));
});
