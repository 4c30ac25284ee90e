import { applyChange, cancel, erase, type LegacyPublisher, legacyStem, makeEraseFiles } from '@afterimage/job-core';
import { type JobRecord, legacyCallbackSchema, type LegacyOrigin } from '@afterimage/job-schemas';
import {
  aJobEvent,
  aJobRecord,
  InMemoryJobStore,
  InMemoryOutputStore,
  recordingTelemetry,
  RecordingLegacyPublisher,
} from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeTellLegacy } from './tell-legacy.ts';
import { makeWriteResults } from './write-results.ts';

const SHA256 = 'a'.repeat(64);
const NOW = new Date('2026-01-02T03:05:00.000Z');

const origin = (overrides: Partial<LegacyOrigin> = {}): LegacyOrigin => ({
  id: 'test-t2i',
  prefix: 'output',
  tasktype: 'text-to-image',
  context: '{"order":17}',
  ...overrides,
});

function output(index: number, key: string) {
  const facts = { contentType: 'image/png', width: 64, height: 64, bytes: 1, sha256: SHA256, thumbnailKey: null };
  return { index, key, seed: 41 + index, ...facts };
}

/** A job that ended in its second attempt, whose first one left a file behind. */
function anEnded(overrides: Partial<JobRecord> = {}): JobRecord {
  const base = aJobRecord({ pool: 'sdruntime', attempt: 2, status: 'succeeded', legacy: origin(), ...overrides });
  const key = (index: number) => `outputs/${base.tenantId}/${base.id}/2/${index}.png`;
  return { ...base, outputs: base.status === 'succeeded' ? [output(0, key(0)), output(1, key(1))] : [] };
}

async function setUp(job: JobRecord, options: { readonly tellsOfStart?: boolean } = {}) {
  const jobs = new InMemoryJobStore([job]);
  const outputs = new InMemoryOutputStore();
  const stale = `outputs/${job.tenantId}/${job.id}/1/0.png`;
  const files = [stale, ...job.outputs.map(({ key }) => key)];
  for (const key of files) {
    await outputs.put({ key, body: Buffer.from(key), contentType: 'image/png', sha256: SHA256 });
  }
  const callbacks = new RecordingLegacyPublisher();
  const faults: Error[] = [];
  const publisher: LegacyPublisher = {
    publish: async (...given) => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      await callbacks.publish(...given);
    },
  };
  const telemetry = recordingTelemetry();
  const tellLegacy = makeTellLegacy({
    jobs,
    outputs,
    writeResults: makeWriteResults({ outputs, bucket: 'outputs' }),
    callbacks: publisher,
    tellsOfStart: options.tellsOfStart ?? true,
    telemetry,
  });
  const legacyObjects = () =>
    new Map([...outputs.objects].filter(([key]) => key.includes('/legacy/')).map(([key, { body }]) => [key, body]));
  const text = (key: string) => Buffer.from(legacyObjects().get(key) ?? '').toString();
  return { jobs, outputs, callbacks, faults, tellLegacy, legacyObjects, text, event: aJobEvent(job) };
}

describe('tellLegacy', () => {
  it('puts the files of the attempt that was committed where the guidance puts them, and calls back in its form', async () => {
    const job = anEnded();
    const { jobs, callbacks, tellLegacy, legacyObjects, text, event } = await setUp(job);

    await tellLegacy(event);

    const stem = legacyStem(job, origin());
    expect(stem).toMatch(/^outputs\/tenant-1\/legacy\/output\/test-t2i\/test-t2i-[0-9a-f]{4}$/);
    expect([...legacyObjects().keys()].sort()).toEqual([`${stem}-1.png`, `${stem}-2.png`, `${stem}.out`]);
    expect(text(`${stem}-1.png`)).toBe(job.outputs[0]?.key);
    expect(JSON.parse(text(`${stem}.out`))).toEqual({
      images: [''],
      parameters: {
        prompt: 'a lighthouse at dawn',
        negative_prompt: '',
        seed: 42,
        batch_size: 1,
        n_iter: 1,
        steps: 20,
        cfg_scale: 7,
        width: 512,
        height: 512,
        id_task: 'test-t2i',
        image_seed: '41,42',
        error_msg: '',
      },
      info: '',
    });
    const [told] = callbacks.published;
    expect(JSON.stringify(told?.callback)).toBe(
      JSON.stringify({
        runtime: 'sdruntime',
        id: 'test-t2i',
        result: true,
        status: 'completed',
        image_url: [`s3://outputs/${stem}-1.png`, `s3://outputs/${stem}-2.png`],
        output_url: `s3://outputs/${stem}.out`,
        context: { order: 17 },
      }),
    );
    expect(legacyCallbackSchema.parse(told?.callback)).toEqual(told?.callback);
    expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null });
  });

  it('tells once of an event that comes twice, also when the job has become due by the second one', async () => {
    const job = anEnded();
    const { jobs, callbacks, tellLegacy, event } = await setUp(job);
    await tellLegacy(event);
    await jobs.change(job.id, {
      guard: { status: ['succeeded'] },
      set: { dueAt: NOW.toISOString() },
      bumpsVersion: false,
    });

    await tellLegacy(event);

    expect(callbacks.published).toHaveLength(1);
    expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: true, dueAt: null });
  });

  it('leaves the job due when the callback cannot be published, and writes the same objects again', async () => {
    const job = anEnded();
    const { jobs, callbacks, faults, tellLegacy, legacyObjects, event } = await setUp(job);
    faults.push(new Error('SNS is away'));

    await expect(tellLegacy(event)).rejects.toThrow('SNS is away');

    const before = legacyObjects();
    expect(await jobs.get(job.id)).toMatchObject({ isAnnounced: false, dueAt: job.dueAt });
    await tellLegacy(event);
    expect(legacyObjects()).toEqual(before);
    expect(callbacks.published).toHaveLength(1);
  });

  it('says why a job failed', async () => {
    const error = {
      code: 'out_of_memory',
      message: 'CUDA out of memory',
      stage: 'inferring',
      attempt: 2,
      retryable: false,
    } as const;
    const job = anEnded({ status: 'failed', error });
    const { callbacks, tellLegacy, text, event } = await setUp(job);

    await tellLegacy(event);

    const stem = legacyStem(job, origin());
    const { retryable: _, ...reason } = error;
    expect(JSON.parse(text(`${stem}.out`)).parameters).toEqual({
      id_task: 'test-t2i',
      status: 0,
      error_msg: 'CUDA out of memory',
      reason,
    });
    expect(callbacks.published[0]?.callback).toMatchObject({ result: false, status: 'failed', image_url: [] });
  });

  it('tells of a cancellation as a failure', async () => {
    const queued = aJobRecord({ legacy: origin() });
    const change = cancel(queued, NOW);
    const canceled = change === undefined ? undefined : applyChange(queued, change);
    const { callbacks, tellLegacy, text, event } = await setUp(canceled ?? queued);

    await tellLegacy(event);

    expect(callbacks.published[0]?.callback).toMatchObject({ result: false, status: 'failed' });
    const { parameters } = JSON.parse(text(`${legacyStem(queued, origin())}.out`));
    expect(parameters).toMatchObject({ error_msg: 'the job is canceled', reason: { code: 'canceled' } });
  });

  it.each([
    ['pipeline', 'succeeded', { code: 200 }],
    ['pipeline', 'expired', { code: 500, error: 'the job is expired' }],
    [
      'extra-single-image',
      'succeeded',
      { images: [''], parameters: { html_info: '', id_task: 'test-t2i', error_msg: '' }, info: '' },
    ],
  ] as const)('has another file for %s that has %s', async (tasktype, status, file) => {
    const legacy = origin({ tasktype, prefix: '' });
    const job = anEnded({ status, legacy });
    const { tellLegacy, text, event } = await setUp(job);

    await tellLegacy(event);

    expect(JSON.parse(text(`${legacyStem(job, legacy)}.out`))).toEqual(file);
  });

  it('shows a raw body without its images', async () => {
    const input = {
      raw: { prompt: 'cat wizard', init_images: ['{{image}}'], mask: '{{mask}}', steps: 16 },
      images: { image: { url: 'https://example.com/?secret' }, mask: { url: 'https://example.com/?secret' } },
    };
    const job = anEnded({ task: 'image-to-image', input, legacy: origin({ tasktype: 'image-to-image' }) });
    const { tellLegacy, text, event } = await setUp(job);

    await tellLegacy(event);

    const file = text(`${legacyStem(job, origin())}.out`);
    expect(JSON.parse(file).parameters).toMatchObject({
      prompt: 'cat wizard',
      init_images: [null],
      mask: null,
      steps: 16,
    });
    expect(file).not.toContain('secret');
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('tells of the start when that is wanted: %s', async (tellsOfStart, times) => {
    const job = aJobRecord({ status: 'running', pool: 'sdruntime', legacy: origin({ context: '""' }) });
    const { callbacks, tellLegacy, event } = await setUp(job, { tellsOfStart });

    await tellLegacy(event);

    expect(callbacks.published).toHaveLength(times);
    const running = { runtime: 'sdruntime', id: 'test-t2i', status: 'running', context: '' };
    for (const { callback } of callbacks.published) expect(JSON.stringify(callback)).toBe(JSON.stringify(running));
  });

  it('does not tell of the start when it has told of the end', async () => {
    const job = anEnded();
    const { callbacks, tellLegacy, event } = await setUp(job);
    await tellLegacy(event);

    await tellLegacy(aJobEvent({ ...job, status: 'running' }));

    expect(callbacks.published.map(({ callback }) => callback.status)).toEqual(['completed']);
  });

  it('has nothing to do with other jobs', async () => {
    const { callbacks, tellLegacy, legacyObjects, event } = await setUp(anEnded({ legacy: null }));

    await tellLegacy(event);
    await tellLegacy({ deliveryId: `whd_${'0'.repeat(26)}`, attempt: 1 });

    expect([callbacks.published, [...legacyObjects()]]).toEqual([[], []]);
  });

  it('leaves nothing behind of a job that is erased meanwhile, and does not call back', async () => {
    const job = anEnded();
    const { jobs, outputs, callbacks, legacyObjects, event } = await setUp(job);
    const telemetry = recordingTelemetry();
    const writeResults = makeWriteResults({ outputs, bucket: 'outputs' });
    const tellLegacy = makeTellLegacy({
      jobs,
      outputs,
      writeResults: async (...given) => {
        await jobs.change(job.id, erase(job, NOW));
        return writeResults(...given);
      },
      callbacks,
      tellsOfStart: true,
      telemetry,
    });

    await tellLegacy(event);

    expect([callbacks.published, [...legacyObjects()]]).toEqual([[], []]);
  });

  it('leaves files that an erasure finds, with all the others of the job', async () => {
    const job = anEnded();
    const { jobs, outputs, tellLegacy, legacyObjects, event } = await setUp(job);
    const neighbor = `${legacyStem(job, origin())}-x/other/other-1234.out`;
    await outputs.put({ key: neighbor, body: Buffer.of(), contentType: 'application/json', sha256: SHA256 });
    await tellLegacy(event);

    const tombstone = await jobs.change(job.id, erase(job, NOW));
    await makeEraseFiles({ jobs, outputs })(tombstone ?? job);

    expect([...legacyObjects().keys()]).toEqual([neighbor]);
    expect(await jobs.get(job.id)).toMatchObject({ legacy: null, dueAt: null });
  });

  it('fails when a file is gone of a job that was not erased', async () => {
    const job = anEnded();
    const { outputs, tellLegacy, event } = await setUp(job);
    outputs.objects.clear();

    await expect(tellLegacy(event)).rejects.toThrow('the output 0 is not there');
  });
});
