import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PROMPT } from './client.ts';
import { faultsInLogs } from './log-secrets.ts';

const LINE = { level: 'INFO', timestamp: '2026-11-22T10:00:00.000Z', service: 'gpu-worker', message: 'job claimed' };
const OWN = 'a heron, "grey", over the reeds';

/** What is found in a log with these lines. */
function faultsIn(...lines: (object | string)[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'afterimage-log-secrets-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  writeFileSync(join(directory, 'worker.log'), text.join(''));
  return faultsInLogs(directory, [OWN, 'a fox']);
}

it.each<[string, object | string]>([
  ['an API key', { ...LINE, error: `refused ai_local0000001_${'x'.repeat(40)}` }],
  ['the secret of a webhook', `Error: whsec_${'A'.repeat(32)}`],
  ['a signed query', { ...LINE, url: 'https://bucket/object?x-amz-signature=00' }],
  ['a prompt', { ...LINE, error: `cannot draw: ${PROMPT}.` }],
  ['a prompt', { ...LINE, error: `cannot draw: ${OWN}` }],
  ['a prompt', `Error: ${JSON.stringify({ prompt: OWN })}`],
  ['a line of which  the field request.prompt must not be logged', { ...LINE, request: { prompt: 'a fox' } }],
  ['a line of which  a line about a job must have tenantId', { ...LINE, jobId: 'job_1' }],
])('%s is found in a log', (what, line) => {
  expect(faultsIn(LINE, line)).toContain(`worker.log holds ${what}`);
});

it('nothing is found in a log of lines as they should be', () => {
  const metric = { _aws: {}, service: 'gpu-worker', JobsSucceeded: 1 };
  expect(faultsIn(LINE, metric, { level: 'PLATFORM', message: 'a fox' }, 'Node.js v24.21.0', '')).toEqual([]);
});
