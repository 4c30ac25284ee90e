import type { JobRecord } from '@afterimage/job-schemas';
import { LIMITS, samplerSchema } from '@afterimage/job-schemas';
import * as fc from 'fast-check';
import { aJobRecord, aRunningJob, anId } from './builders/job-builders.ts';

const between = ({ min, max }: { readonly min: number; readonly max: number }) => fc.integer({ min, max });

/** Prompts of every script, emoji and control characters included. */
export function prompts(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((text) => text.isWellFormed()),
  );
}

/** Metadata that the API accepts. */
export function metadata(): fc.Arbitrary<Record<string, string>> {
  return fc.dictionary(
    fc.string({ minLength: 1, maxLength: LIMITS.metadata.keyCharacters }).filter((key) => key !== '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
    { maxKeys: LIMITS.metadata.keys, noNullPrototype: true },
  );
}

const side = () =>
  fc
    .integer({ min: LIMITS.side.min / LIMITS.side.multipleOf, max: LIMITS.side.max / LIMITS.side.multipleOf })
    .map((units) => units * LIMITS.side.multipleOf);

const guidances = () =>
  between({ min: LIMITS.guidance.min * 100, max: LIMITS.guidance.max * 100 }).map((hundredths) => hundredths / 100);

/** Bodies of create requests that the API accepts; every optional field may be absent. */
export function createRequests(): fc.Arbitrary<Record<string, unknown>> {
  const input = fc.record(
    {
      prompt: prompts(),
      negativePrompt: fc.oneof(fc.constant(''), prompts()),
      width: side(),
      height: side(),
      steps: between(LIMITS.steps),
      guidance: guidances(),
      sampler: fc.constantFrom(...samplerSchema.options),
      seed: between(LIMITS.seed),
      images: between(LIMITS.images),
    },
    { requiredKeys: ['prompt'] },
  );
  const policy = fc.record(
    {
      priority: fc.constantFrom('interactive', 'batch'),
      startWithinSeconds: between(LIMITS.startWithinSeconds),
      executionTimeoutSeconds: between(LIMITS.executionTimeoutSeconds),
      maxAttempts: between(LIMITS.maxAttempts),
      retainSeconds: between(LIMITS.retainSeconds),
    },
    { requiredKeys: [] },
  );
  return fc.record(
    {
      model: fc.constantFrom('sketch-1', 'sketch-2'),
      task: fc.constant('text-to-image'),
      input,
      output: fc.record({ format: fc.constantFrom('png', 'jpeg', 'webp') }, { requiredKeys: [] }),
      policy,
      metadata: metadata(),
    },
    { requiredKeys: ['model', 'task', 'input'] },
  );
}

/** Jobs as the store may hold them, queued or running. */
export function jobRecords(): fc.Arbitrary<JobRecord> {
  const traceparents = fc.option(fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'));
  return fc
    .record({
      prompt: prompts(),
      metadata: metadata(),
      seed: between(LIMITS.seed),
      guidance: guidances(),
      traceparent: traceparents,
      isRunning: fc.boolean(),
    })
    .map(({ prompt, metadata, seed, guidance, traceparent, isRunning }) => {
      const { input } = aJobRecord();
      const overrides = { id: anId('job'), input: { ...input, prompt, seed, guidance }, metadata, traceparent };
      return isRunning ? aRunningJob(overrides) : aJobRecord(overrides);
    });
}
