import { expect, test } from 'vitest';
import { aJob, aProgress, JOB_ID } from '@afterimage/testing/fake-api';
import { describeEnd, describeJob, resumeCommand } from './describe.ts';
import { formatBar } from './progress.ts';

test.each([
  [{}, 'queued'],
  [{ status: 'running', phase: 'loading_model' }, 'loading model'],
  [{ status: 'running', phase: 'inferring', progress: aProgress() }, 'inferring, step 10/20, 4 s left'],
  [
    { status: 'running', phase: 'inferring', progress: aProgress({ images: 4, image: 2, etaSeconds: null }) },
    'inferring, step 10/20, image 2/4',
  ],
  [{ status: 'succeeded', progress: aProgress() }, 'succeeded'],
] as const)('%j reads "%s"', (overrides, expected) => {
  expect(describeJob(aJob(overrides))).toBe(expected);
});

test('the end of a failed job has its reason', () => {
  const error = { code: 'engine_error', message: 'boom', stage: 'inferring', attempt: 1, retryable: false } as const;
  expect(describeEnd(aJob({ status: 'failed', error }))).toBe(`${JOB_ID} failed: boom (engine_error)`);
  expect(describeEnd(aJob({ status: 'canceled' }))).toBe(`${JOB_ID} canceled`);
});

test('a bar is as full as the fraction, and as long as the terminal allows', () => {
  const job = aJob({});
  expect(formatBar(0, job, 120)).toBe(`${JOB_ID} ${'░'.repeat(24)}   0 %  queued`);
  expect(formatBar(0.5, job, 80)).toBe(`${JOB_ID} ${'█'.repeat(5)}${'░'.repeat(5)}  50 %  queued`);
  expect(formatBar(1.2, job, 40)).toContain(`${'█'.repeat(8)} `);
});

test.each([
  [undefined, `afterimage jobs watch ${JOB_ID}`],
  ['out/', `afterimage jobs watch ${JOB_ID} -o out/`],
  ["it's", `afterimage jobs watch ${JOB_ID} -o 'it'\\''s'`],
])('the command to come back with folder %j can be pasted', (folder, expected) => {
  expect(resumeCommand(JOB_ID, folder)).toBe(expected);
});
