import { expect, test } from 'vitest';
import type { Job, JobStatus } from '@afterimage/job-schemas';
import { aJob } from '../test/a-job.ts';
import { followJobs } from './follow-jobs.ts';

const forever = new AbortController().signal;

/** One answer of the API after the other; the last one stays. */
function scripted(states: readonly (readonly Job[])[]) {
  let at = 0;
  const asked: string[] = [];
  const current = () => states[Math.min(at, states.length - 1)] ?? [];
  const api = {
    async hasAny(status: JobStatus) {
      asked.push(status);
      return current().some((job) => job.status === status);
    },
    async listAll() {
      asked.push('all');
      return [...current()];
    },
  };
  const options = { api, count: 2, createdAfter: '2026-01-02T03:04:05.000Z', pollIntervalMs: 10 };
  const sleep = async (_delayMs: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    at++;
  };
  return { options: { ...options, sleep }, asked };
}

const done = [aJob({ id: 'job_0' }), aJob({ id: 'job_1', status: 'failed' })];

test('asks for one unfinished job until there is none, and then for all of them once', async () => {
  const { options, asked } = scripted([[aJob({ status: 'queued' })], [aJob({ status: 'running' })], done]);
  expect(await followJobs(options, forever)).toEqual(done);
  expect(asked).toEqual(['queued', 'queued', 'running', 'queued', 'running', 'canceling', 'all']);
});

test('does not believe an empty list that lags behind', async () => {
  const { options } = scripted([[], done.slice(1), done]);
  expect(await followJobs(options, forever)).toEqual(done);
});

test('ends with the signal', async () => {
  const { options } = scripted([[aJob({ status: 'queued' })]]);
  await expect(followJobs(options, AbortSignal.abort(new Error('time is up')))).rejects.toThrow('time is up');
});
