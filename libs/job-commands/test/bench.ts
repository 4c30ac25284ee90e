import { poolsSchema } from '@afterimage/app-config';
import {
  makeAnnounce,
  makeEnqueue,
  makeGetJob,
  makeQueuePlaces,
  makeTenantQuotas,
  type ProblemError,
} from '@afterimage/job-core';
import { createJobSchema, type JobRecord, type QuotaOverrides, retryJobSchema } from '@afterimage/job-schemas';
import {
  aCreateJobBody,
  anId,
  aTenant,
  FakeClock,
  InMemoryJobPlaces,
  InMemoryJobStore,
  InMemoryTenantStore,
  RecordingEventPublisher,
  RecordingJobPublisher,
  silentLog,
} from '@afterimage/testing';
import { expect } from 'vitest';
import { makeAcceptJob, makePublishNew } from '../src/accept-job.ts';
import { makeRetryJob, type RetryCommand } from '../src/retry-job.ts';
import { makeSubmitJob, type SubmitCommand } from '../src/submit-job.ts';

export const POOLS = poolsSchema.parse({
  pools: [
    {
      name: 'local',
      engine: 'sketch',
      models: [
        { id: 'sketch-1', tasks: ['text-to-image'], limits: { maxWidth: 1024, maxImages: 4 } },
        { id: 'painter', tasks: ['image-to-image', 'upscale'] },
      ],
    },
  ],
});

export function aCommand(body: object = aCreateJobBody(), overrides: Partial<SubmitCommand> = {}): SubmitCommand {
  return {
    tenantId: 'tenant-1',
    path: '/v1/jobs',
    body,
    request: createJobSchema.parse(body),
    idempotencyKey: undefined,
    traceparent: null,
    ...overrides,
  };
}

export function aRetryCommand(sourceId: string, body?: object, overrides: Partial<RetryCommand> = {}): RetryCommand {
  return {
    tenantId: 'tenant-1',
    path: `/v1/jobs/${sourceId}/retry`,
    sourceId,
    body,
    request: retryJobSchema.parse(body ?? {}),
    idempotencyKey: undefined,
    traceparent: null,
    ...overrides,
  };
}

/** The use cases on in-memory ports. */
export function aBench(
  options: {
    allowLoopbackWebhooks?: boolean;
    publisherFails?: boolean;
    jobs?: readonly JobRecord[];
    quotas?: QuotaOverrides;
  } = {},
) {
  const clock = new FakeClock();
  const { now } = clock;
  const jobs = new InMemoryJobStore(options.jobs);
  const places = new InMemoryJobPlaces(jobs);
  const tenants = new InMemoryTenantStore([aTenant({ tenantId: 'tenant-1', quotas: options.quotas ?? {} })]);
  const queue = makeQueuePlaces({ places, now, quotasOfTenant: makeTenantQuotas({ tenants, now }) });
  const publisher = new RecordingJobPublisher();
  const events = new RecordingEventPublisher();
  const enqueue = makeEnqueue({ jobs, publisher });
  const seeds = [11, 12, 13];
  const newJobId = () => anId('job');
  const publishing = {
    enqueue: options.publisherFails === true ? () => Promise.reject(new Error('SNS is away')) : enqueue,
    announce: makeAnnounce({ jobs, events, apiUrl: 'https://api.example.com', now }),
    log: silentLog,
  };
  const publishNew = makePublishNew(publishing);
  const acceptJob = makeAcceptJob({ jobs, queue, ...publishing });
  const submitJob = makeSubmitJob({
    jobs,
    acceptJob,
    pools: POOLS,
    allowLoopbackWebhooks: options.allowLoopbackWebhooks ?? false,
    now,
    newJobId,
    newSeed: () => seeds.shift() ?? 0,
  });
  const retryJob = makeRetryJob({ jobs, getJob: makeGetJob({ jobs, now }), acceptJob, pools: POOLS, now, newJobId });
  return { clock, jobs, places, publisher, events, publishNew, submitJob, retryJob };
}

/** What the promise rejects with. */
export async function problemOf(promise: Promise<unknown>): Promise<ProblemError> {
  return promise.then(
    () => expect.unreachable('the command was accepted'),
    (error: unknown) => error as ProblemError,
  );
}
