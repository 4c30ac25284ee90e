import { expect, it } from 'vitest';
import { filledLink } from './filled-link.ts';

it.each([
  [null, 't', null],
  ['https://x.example/t/{traceId}', '1-2', 'https://x.example/t/1-2'],
  ['https://x.example/t/{traceId}', null, null],
  ['https://x.example/l?q={jobId}', null, 'https://x.example/l?q=job_1%20a'],
])('the template %s with the trace %s leads to %s', (template, traceId, expected) => {
  expect(filledLink(template, { jobId: 'job_1 a', traceId })).toBe(expected);
});
