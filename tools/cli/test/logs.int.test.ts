import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { run } from './run.ts';

const ID = 'job_01K00000000000000000000000';

function line(fields: Readonly<Record<string, unknown>>): string {
  const common = { level: 'INFO', service: 'gpu-worker', jobId: ID, attempt: 1, tenantId: 'local', traceId: null };
  return `${JSON.stringify({ ...common, ...fields })}\n`;
}

/** A folder that a local stack ran in. */
function aStackFolder(): { folder: string; logs: string } {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const logs = join(folder, '.afterimage', 'logs');
  mkdirSync(logs, { recursive: true });
  const local = { apiUrl: 'http://127.0.0.1:4000', apiKey: 'ai_key_secret' };
  writeFileSync(join(folder, '.afterimage', 'local.json'), JSON.stringify(local));
  writeFileSync(
    join(logs, 'gpu-worker-1.log'),
    line({ timestamp: '2026-01-02T03:04:07.000Z', message: 'job claimed' }) +
      line({ timestamp: '2026-01-02T03:04:08.000Z', message: 'of another job', jobId: 'job_other' }) +
      'not JSON\n' +
      line({ timestamp: '2026-01-02T03:04:09.000Z', message: 'lease lost', level: 'WARN', reason: 'it ran out' }),
  );
  writeFileSync(
    join(logs, 'submit-api.log'),
    line({ timestamp: '2026-01-02T03:04:06.000Z', message: 'job accepted', service: 'submit-api' }),
  );
  return { folder, logs };
}

describe('afterimage logs', () => {
  it('puts the lines of every process about the job in the order of time', async () => {
    const { exitCode, stdout } = await run(['logs', ID], {
      cwd: aStackFolder().folder,
      isTerminal: true,
      env: { NO_COLOR: '1' },
    });

    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '2026-01-02T03:04:06.000Z INFO  submit-api job accepted attempt=1',
      '2026-01-02T03:04:07.000Z INFO  gpu-worker job claimed attempt=1',
      '2026-01-02T03:04:09.000Z WARN  gpu-worker lease lost attempt=1 reason=it ran out',
      '',
    ]);
  });

  it('gives programs whole lines', async () => {
    const { stdout } = await run(['logs', ID, '--json'], { cwd: aStackFolder().folder });
    const lines = stdout
      .trim()
      .split('\n')
      .map((text): unknown => JSON.parse(text));

    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({ jobId: ID, tenantId: 'local', message: 'lease lost' });
  });

  it('follows what is logged until it is interrupted', async () => {
    const { folder, logs } = aStackFolder();
    const interruption = new AbortController();
    const { exitCode, stdout } = await run(['logs', ID, '--follow'], {
      cwd: folder,
      interruption,
      onStdout(text) {
        if (text.includes('lease lost')) {
          appendFileSync(
            join(logs, 'gpu-worker-1.log'),
            line({ timestamp: '2026-01-02T03:04:10.000Z', message: 'late' }),
          );
        }
        if (text.includes('late')) interruption.abort(new Error('Ctrl-C'));
      },
    });

    expect(stdout).toContain('"message":"late"');
    expect(exitCode).toBe(130);
  });

  it('prints the query for CloudWatch', async () => {
    const { stdout } = await run(['logs', ID, '--insights']);
    expect(stdout).toContain(`| filter jobId = "${ID}" or log_processed.jobId = "${ID}" or subject = "${ID}"`);
    expect(stdout).toContain('coalesce(message, log_processed.message) as text');
  });

  it('says where it can be run', async () => {
    const { exitCode, stderr } = await run(['logs', ID], { cwd: mkdtempSync(join(tmpdir(), 'nothing-')) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no local stack around this folder');
  });
});
