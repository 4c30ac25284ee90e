import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from './telemetry.ts';

afterEach(() => vi.unstubAllEnvs());

/** The lines that the next calls write to the console, parsed. */
function captured(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  // Makes the logger write to the console that a test can see, in place of one of its own.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  }
  return lines;
}

describe('telemetry', () => {
  it('writes one JSON line a call, with the service and the fields', () => {
    const lines = captured();
    const { log } = createTelemetry({ service: 'gpu-worker', logLevel: 'INFO' });

    log.info('job claimed', { jobId: 'job_1', attempt: 2 });
    log.debug('not at this level');

    expect(lines).toMatchObject([
      { level: 'INFO', message: 'job claimed', service: 'gpu-worker', jobId: 'job_1', attempt: 2 },
    ]);
  });

  it('writes errors with their cause', () => {
    const lines = captured();
    const { log } = createTelemetry({ service: 'gpu-worker', logLevel: 'INFO' });

    log.error('upload failed', {
      jobId: 'job_1',
      error: new Error('no answer', { cause: new Error('socket hang up') }),
    });

    expect(lines).toMatchObject([
      { error: { name: 'Error', message: 'no answer', cause: { message: 'socket hang up' } } },
    ]);
  });

  it('writes metrics once, when they are flushed', () => {
    const lines = captured();
    const { metrics } = createTelemetry({ service: 'gpu-worker', logLevel: 'INFO' });

    metrics.count('JobsSucceeded');
    metrics.duration('JobInferenceTime', 1200);
    expect(lines).toEqual([]);
    metrics.flush();
    metrics.flush();

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ service: 'gpu-worker', JobsSucceeded: 1, JobInferenceTime: 1200 });
  });
});
