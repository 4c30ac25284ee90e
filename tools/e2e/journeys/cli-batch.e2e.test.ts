import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { runNode } from '../src/command.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const LINES = 12;

let test: TestStack;
let folder: string;

beforeAll(async () => {
  test = await startTestStack({ sketchMsPerStep: 20 });
  folder = mkdtempSync(join(tmpdir(), 'afterimage-batch-'));
  const lines = Array.from({ length: LINES }, (_, index) => ({
    prompt: `boat ${index}`,
    width: 64,
    height: 64,
    steps: 8,
  }));
  writeFileSync(join(folder, 'prompts.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start() {
  const env = { AFTERIMAGE_API_URL: test.stack.apiUrl, AFTERIMAGE_API_KEY: test.stack.apiKey };
  const args = ['batch', 'run', 'prompts.jsonl', '--concurrency', '4', '--resume', 'state.json', '-o', 'out'];
  return runNode('tools/cli/bin/afterimage.mjs', args, { cwd: folder, env });
}

const linesDone = (output: string) => output.split('\n').filter((line) => line.includes('"event":"line"')).length;

it('a batch run that is killed, and killed again, is finished by the next one, with one job for each line', async () => {
  for (const done of [2, 3]) {
    const killed = start();
    await waitFor(() => linesDone(killed.output()) >= done, { timeoutMs: 60_000, what: `${done} lines that are done` });
    killed.child.kill('SIGKILL');
    await killed.ended;
    // The state is whole, whenever its writer dies.
    expect(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'))).toMatchObject({ version: 1 });
  }

  const { exitCode, stdout } = await start().ended;

  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain(`{"event":"summary","total":${LINES},"succeeded":${LINES},"failed":0}`);
  const { data } = await test.client.list('?limit=100');
  expect(data).toHaveLength(LINES);
  expect(new Set(data.map(({ input }) => JSON.stringify(input))).size).toBe(LINES);
  const images = readdirSync(join(folder, 'out')).filter((name) => !name.endsWith('.part'));
  expect(images.map((name) => name.slice(0, 4)).toSorted()).toEqual(
    Array.from({ length: LINES }, (_, index) => String(index + 1).padStart(4, '0')),
  );
});
