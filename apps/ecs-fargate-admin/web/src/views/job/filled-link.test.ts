import { expect, it } from 'vitest';
import { filledLink } from './filled-link.ts';

const facts = { jobId: 'job_1 a', traceId: null, ageMs: 0 };

it.each([
  [null, { traceId: 't' }, null],
  ['https://x.example/t/{traceId}', { traceId: '1-2' }, 'https://x.example/t/1-2'],
  ['https://x.example/t/{traceId}', {}, null],
  ['https://x.example/l?q={jobId}', {}, 'https://x.example/l?q=job_1%20a'],
  ['https://x.example/l?start=-{ageSeconds}', {}, 'https://x.example/l?start=-300'],
  ['https://x.example/l?start=-{ageSeconds}', { ageMs: 299_999 }, 'https://x.example/l?start=-300'],
  ['https://x.example/l?start=-{ageSeconds}', { ageMs: 300_000 }, 'https://x.example/l?start=-600'],
])('the template %s with %j leads to %s', (template, others, expected) => {
  expect(filledLink(template, { ...facts, ...others })).toBe(expected);
});
