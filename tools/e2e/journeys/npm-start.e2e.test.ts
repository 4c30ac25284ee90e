import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exec } from 'node:child_process';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '@afterimage/testing';
import { runNode, WORKSPACE_ROOT } from '../src/command.ts';
import { faultsInLogs } from '../src/log-secrets.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-start-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const MAIN = 'tools/local-stack/src/main.ts';
const start = (port: number) =>
  runNode(MAIN, ['--fresh', '--directory', directory], {
    env: { AFTERIMAGE_PORT: String(port), AFTERIMAGE_CONSOLE_PORT: '0' },
  });

/** Processes whose environment or command line names the folder of this test's stack. */
function processesOfStack(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory) ||
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(directory)
      );
    } catch {
      return false;
    }
  });
}

describe('npm start', () => {
  it('makes a first picture, prints a curl line that works, and ends with nothing left running', async () => {
    const stack = start(0);
    await waitFor(() => stack.output().includes('Ctrl-C stops everything'), {
      timeoutMs: 90_000,
      what: 'the running stack',
    });

    const [picture = ''] = readdirSync(join(directory, 'outputs'));
    expect(stack.output()).toContain(picture);
    expect(await sharp(join(directory, 'outputs', picture)).metadata()).toMatchObject({
      format: 'png',
      width: 512,
      height: 512,
    });
    const local = JSON.parse(readFileSync(join(directory, 'local.json'), 'utf8'));
    expect(local).toMatchObject({
      apiUrl: expect.stringContaining('http://127.0.0.1:'),
      apiKey: expect.stringMatching(/^ai_/),
    });

    const curl = /^ *(curl [\s\S]*?[^\\])$/m.exec(stack.output())?.[1] ?? '';
    const { stdout } = await promisify(exec)(curl, { cwd: WORKSPACE_ROOT });
    expect(stdout).toContain('"status":"queued"');

    stack.child.kill('SIGINT');
    expect((await stack.ended).exitCode).toBe(0);
    expect(faultsInLogs(join(directory, 'logs'))).toEqual([]);
    await waitFor(() => !existsSync('/proc') || processesOfStack().length === 0, { what: 'the end of every process' });
  });

  it('names the variable to change when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const { exitCode, stderr } = await start(port).ended;
    other.close();

    expect(exitCode).toBe(1);
    expect(stderr).toContain(String(port));
    expect(stderr).toContain('AFTERIMAGE_PORT');
  });
});
