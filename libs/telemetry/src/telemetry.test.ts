import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from './telemetry.ts';
import { linesOf } from '../test/lines-of.ts';

const SERVICE = { service: 'gpu-worker', logLevel: 'INFO' } as const;

afterEach(() => vi.unstubAllEnvs());

describe('the log', () => {
  it('writes one JSON line a call, with the service and the fields', () => {
    const lines = linesOf(() => {
      const { log } = createTelemetry(SERVICE);
      log.info('job claimed', { jobId: 'job_1', attempt: 2, reason: null, bytes: 2n ** 60n });
      log.debug('not at this level');
    });

    const [{ timestamp, ...line } = {}] = lines;
    expect(lines).toHaveLength(1);
    expect(line).toEqual({
      level: 'INFO',
      message: 'job claimed',
      sampling_rate: 0,
      service: 'gpu-worker',
      jobId: 'job_1',
      attempt: 2,
      bytes: String(2n ** 60n),
    });
    expect(new Date(String(timestamp)).toISOString()).toBe(timestamp);
  });

  it('writes errors with their cause and code, and nothing else that they carry', () => {
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', request: { prompt: 'a fox' } });
    const [line] = linesOf(() => {
      createTelemetry(SERVICE).log.error('upload failed', { jobId: 'job_1', error: new Error('no answer', { cause }) });
    });

    expect(line).toMatchObject({
      error: { name: 'Error', message: 'no answer', cause: { message: 'socket hang up', code: 'ECONNRESET' } },
    });
    expect(JSON.stringify(line)).not.toContain('fox');
  });

  it('writes an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;

    expect(linesOf(() => createTelemetry(SERVICE).log.warn('odd', { error }))).toMatchObject([
      { message: 'odd', error: { message: 'round', cause: { message: 'round' } } },
    ]);
  });

  it('names the trace of the invocation', () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');

    expect(linesOf(() => createTelemetry(SERVICE).log.warn('slow'))).toMatchObject([
      { level: 'WARN', xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793' },
    ]);
  });

  it('writes the line without what cannot be written', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;

    expect(linesOf(() => createTelemetry(SERVICE).log.info('odd', { circle }))).toMatchObject([
      { message: 'odd', service: 'gpu-worker', circle: {} },
    ]);
  });
});

describe('metrics', () => {
  it('are written once, when they are flushed', () => {
    const lines = linesOf(() => {
      const { metrics } = createTelemetry(SERVICE);
      metrics.count('JobsSucceeded');
      metrics.duration('JobInferenceTime', 1200);
      metrics.duration('JobInferenceTime', 800);
      metrics.flush();
      metrics.flush();
    });

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      service: 'gpu-worker',
      JobsSucceeded: 1,
      JobInferenceTime: [1200, 800],
      _aws: {
        CloudWatchMetrics: [
          {
            Metrics: [
              { Name: 'JobsSucceeded', Unit: 'Count' },
              { Name: 'JobInferenceTime', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
    });
  });

  it('go into a line with no more values than one may have', () => {
    const lines = linesOf(() => {
      const { metrics } = createTelemetry(SERVICE);
      for (let index = 0; index < 201; index++) metrics.duration('JobInferenceTime', index);
      metrics.flush();
    });

    const valuesOf = ({ JobInferenceTime: values }: Record<string, unknown>) => [values].flat().length;
    expect(lines.map(valuesOf)).toEqual([100, 100, 1]);
  });
});
