import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { AdminJob } from '@afterimage/admin-schemas';
import { asCurl } from './as-curl.ts';

it('is one command that a shell reads as it is meant', () => {
  const prompt = 'a cat\'s "tail"; $(rm -rf /) `x` \\ \n and more';
  const job = { model: 'sketch-1', task: 'text-to-image', input: { prompt }, output: {}, policy: {}, metadata: {} };
  const command = asCurl(job as unknown as AdminJob, 'https://api.example.com');

  const args = execFileSync('/bin/sh', ['-c', `KEY=k; curl() { printf '%s\\0' "$@"; }; ${command}`])
    .toString()
    .split('\0');

  expect(args.slice(0, 6)).toEqual([
    '-s',
    'https://api.example.com/v1/jobs',
    '-H',
    'authorization: Bearer k',
    '-H',
    'content-type: application/json',
  ]);
  expect(JSON.parse(args[7] ?? '')).toEqual(job);
});
