import type { JobRecord } from '@afterimage/job-schemas';
import { aJobRecord, recordingTelemetry } from '@afterimage/testing';
import { describe, expect, it, vi } from 'vitest';
import { METRIC } from './metrics.ts';
import { makeTell } from './tell.ts';

const legacy = { id: 'a', prefix: '', tasktype: 'text-to-image', context: '{}' } as const;
const webhook = (events: ('job.queued' | 'job.started')[]) => ({ url: 'https://example.com/', events });

function setUp() {
  const announce = vi.fn<(job: JobRecord) => Promise<void>>(() => Promise.resolve());
  const telemetry = recordingTelemetry();
  return { announce, telemetry, tell: makeTell({ announce, ...telemetry }) };
}

describe('tell', () => {
  it.each<[string, Partial<JobRecord>, number]>([
    ['the end of any job', { status: 'succeeded' }, 1],
    ['the start of a job that nobody asks about', { status: 'running' }, 0],
    ['the start of a job whose webhook asks for it', { status: 'running', webhook: webhook(['job.started']) }, 1],
    ['the start of a job in the form of the guidance', { status: 'running', legacy }, 1],
    ['the new try of a job in the form of the guidance', { status: 'queued', legacy }, 0],
    ['the new try of a job whose webhook asks for it', { status: 'queued', webhook: webhook(['job.queued']) }, 1],
    ['a cancellation that is under way', { status: 'canceling', legacy }, 0],
  ])('%s', async (_, overrides, times) => {
    const { announce, tell } = setUp();
    const job = aJobRecord(overrides);

    await tell(job);

    expect(announce.mock.calls).toEqual(times === 0 ? [] : [[job]]);
  });

  it('counts what could not be told, and goes on', async () => {
    const { announce, telemetry, tell } = setUp();
    announce.mockRejectedValue(new Error('SNS is away'));

    await tell(aJobRecord({ status: 'failed' }));

    expect(telemetry.counts.get(METRIC.announceErrors)).toBe(1);
  });
});
