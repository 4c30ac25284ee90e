import type { JobInput, JobRecord, TimelineEntry } from '@afterimage/job-schemas';
import { LIMITS, rawInputSchema, workflowInputSchema } from '@afterimage/job-schemas';
import { aJobRecord, anId, jobRecords } from '@afterimage/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJobItem, toJobItem } from './job-item.ts';

const ITEM_BYTES = 400_000;

/** Of a job that failed as often as it may and lost as many workers, each attempt with as many phases as are written. */
const LONGEST_TIMELINE = Array.from(
  { length: (LIMITS.maxAttempts.max + LIMITS.lostAttempts + 1) * (LIMITS.recordedPhases + 2) },
  (_, index): TimelineEntry => ({
    at: '2026-01-02T03:04:05.678Z',
    status: 'canceling',
    phase: 'loading_model',
    attempt: index,
    reason: 'output_upload_failed',
  }),
);

const stored = (job: JobRecord) => parseJobItem(structuredClone(toJobItem(job)));

/** JSON as clients can send it: -0 is written as 0. */
const json = () => fc.jsonValue({ maxDepth: 8 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const node = fc.record({ class_type: fc.string({ minLength: 1 }), inputs: fc.dictionary(fc.string(), json()) });
const workflows = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), node);
const raws = fc.dictionary(fc.string(), json());

function ofTask(task: JobRecord['task'], input: JobInput): JobRecord {
  return aJobRecord({ task, input });
}

describe('the item of a job', () => {
  it('reads as the job that it was', () => {
    fc.assert(
      fc.property(jobRecords(), (job) => {
        expect(stored(job)).toEqual(job);
      }),
    );
  });

  it('reads as the workflow, or the raw body, that it was', () => {
    fc.assert(
      fc.property(workflows, raws, (workflow, raw) => {
        const ofWorkflow = workflowInputSchema.parse({ workflow, images: { a: { uploadId: anId('upl') } } });
        const ofRaw = rawInputSchema.parse({ raw });

        expect(toJobItem(ofTask('workflow', ofWorkflow))).toMatchObject({ input: { workflow: expect.any(String) } });
        expect(stored(ofTask('workflow', ofWorkflow)).input).toEqual(ofWorkflow);
        expect(stored(ofTask('text-to-image', ofRaw)).input).toEqual(ofRaw);
      }),
    );
  });

  it.each([
    ['numbers that grow when they are written', '1e20'],
    ['text of three bytes a character', '"猫猫猫猫"'],
    ['control characters', '"\\u0000"'],
  ])('holds a whole body of %s beside the longest timeline', (_, value) => {
    const room = LIMITS.bodyBytes - 200;
    const values = Array.from({ length: Math.floor(room / (Buffer.byteLength(value) + 1)) }, () => value);
    const body = `{"1":{"class_type":"A","inputs":{"a":[${values.join(',')}]}}}`;
    const input = workflowInputSchema.parse({ workflow: JSON.parse(body) });

    const item = JSON.stringify(toJobItem({ ...ofTask('workflow', input), timeline: LONGEST_TIMELINE }));

    // More than the table counts: what JSON escapes is longer here.
    expect(Buffer.byteLength(item)).toBeLessThan(ITEM_BYTES);
  });
});
