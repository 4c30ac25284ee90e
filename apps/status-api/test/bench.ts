import { makeCancelJob, makeEraseJob } from '@afterimage/job-commands';
import {
  applyChange,
  makeAnnounce,
  makeEraseFiles,
  makeFindJob,
  makeGetJob,
  makeSignOutputs,
  makeWaitForJob,
  succeed,
} from '@afterimage/job-core';
import type { JobRecord, StoredOutput } from '@afterimage/job-schemas';
import {
  aRunningJob,
  FakeClock,
  InMemoryJobStore,
  InMemoryOutputStore,
  InMemoryWaiterSlots,
  RecordingEventPublisher,
  silentLog,
} from '@afterimage/testing';
import { makeJobRoutes } from '../src/job-routes.ts';
import { makeListJobs } from '../src/list-jobs.ts';
import { makeRespondWithJob } from '../src/respond-with-job.ts';
import { makeWaitRoutes } from '../src/wait-routes.ts';
import { anApiRequest } from './an-api-request.ts';

/** Places of a tenant to wait in. */
export const WAITERS = 3;

export const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

export const OUTPUT: StoredOutput = {
  index: 0,
  key: 'outputs/tenant-1/job/1/0.png',
  contentType: 'image/png',
  width: 64,
  height: 64,
  bytes: 100,
  sha256: 'ab',
  seed: 42,
  thumbnailKey: 'outputs/tenant-1/job/1/0-thumb.webp',
};

export function aSucceededJob(now: Date): JobRecord {
  const running = aRunningJob();
  const { timings } = running;
  const change = succeed({ token: 'token-1', attempt: 1, now, outputs: [OUTPUT], progress: null, timings });
  const succeeded = applyChange(running, change);
  if (succeeded === undefined) throw new Error('the job cannot succeed');
  return succeeded;
}

/** The routes on in-memory ports and a clock that only a wait moves. */
export function aBench() {
  const clock = new FakeClock();
  const jobs = new InMemoryJobStore();
  const events = new RecordingEventPublisher();
  /** What happens while a request waits, one entry a look at the job. */
  const meanwhile: (() => Promise<unknown>)[] = [];
  const { now } = clock;
  const outputs = new InMemoryOutputStore();
  const getJob = makeGetJob({ jobs, now });
  const findJob = makeFindJob({ jobs, now });
  const apiUrl = 'https://api.example.com';
  const announce = makeAnnounce({ jobs, events, apiUrl, now });
  const slots = new InMemoryWaiterSlots(WAITERS);
  const signOutputs = makeSignOutputs({ outputs, expiresInSeconds: 3600, now });
  const { respond, headersOf } = makeRespondWithJob({ signOutputs, apiUrl, now });
  const waitRoutes = makeWaitRoutes({
    getJob,
    waitForJob: makeWaitForJob({
      getJob,
      slots,
      now,
      sleep: async (milliseconds) => {
        clock.advance(milliseconds);
        await meanwhile.shift()?.();
      },
      monotonicMs: () => now().getTime(),
      pollIntervalMs: 500,
    }),
    respond,
    headersOf,
  });
  const routes = makeJobRoutes({
    cancelJob: makeCancelJob({ jobs, getJob, announce, now, log: silentLog }),
    findJob,
    eraseJob: makeEraseJob({
      jobs,
      findJob,
      announce,
      eraseFiles: makeEraseFiles({ jobs, outputs }),
      now,
      log: silentLog,
    }),
    listJobs: makeListJobs({ jobs, cursorSecret: 's'.repeat(32) }),
    respond,
    signOutputs,
    apiUrl,
    now,
  });
  return {
    clock,
    jobs,
    events,
    outputs,
    meanwhile,
    routes,
    waitRoutes,
    slots,
    stored: async (job: JobRecord) => (await jobs.create(job)).job,
  };
}

export function requestFor(job: { readonly id: string }, headers: Record<string, string> = {}, tenantId = 'tenant-1') {
  return anApiRequest({ params: { id: job.id }, headers, tenantId });
}
