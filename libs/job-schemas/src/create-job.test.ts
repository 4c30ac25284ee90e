import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJobSchema, idempotencyKeySchema } from './create-job.ts';
import { LIMITS } from './limits.ts';

const base = { model: 'sketch-1', task: 'text-to-image', input: { prompt: 'a lighthouse' } };

describe('createJobSchema', () => {
  it('fills in every default but the seed', () => {
    expect(createJobSchema.parse(base)).toStrictEqual({
      ...base,
      input: {
        prompt: 'a lighthouse',
        negativePrompt: '',
        width: 512,
        height: 512,
        steps: 20,
        guidance: 7,
        sampler: 'euler_a',
        images: 1,
      },
      output: { format: 'png', quality: 90, thumbnail: false, embedParameters: true },
      policy: {
        priority: 'interactive',
        startWithinSeconds: 3600,
        executionTimeoutSeconds: 600,
        maxAttempts: 3,
        retainSeconds: 604_800,
      },
      webhook: null,
      metadata: {},
    });
  });

  it('tells a webhook of the terminal events unless it asks for others', () => {
    const { webhook } = createJobSchema.parse({ ...base, webhook: { url: 'https://a.example/hook' } });

    expect(webhook?.events).toStrictEqual(['job.succeeded', 'job.failed', 'job.canceled', 'job.expired']);
  });

  it('takes metadata up to its limits', () => {
    const { keys, keyCharacters, valueCharacters } = LIMITS.metadata;
    const entries = Array.from({ length: keys }, (_, index) => [
      String(index).padEnd(keyCharacters),
      'v'.repeat(valueCharacters),
    ]);
    const metadata = Object.fromEntries(entries);

    expect(createJobSchema.parse({ ...base, metadata }).metadata).toStrictEqual(metadata);
  });

  it('lets no key of the metadata reach a prototype', () => {
    const metadata: unknown = JSON.parse('{"__proto__":"polluted","constructor":"kept","toString":"kept"}');

    const parsed = createJobSchema.parse({ ...base, metadata });

    expect(Object.entries(parsed.metadata)).toStrictEqual([
      ['constructor', 'kept'],
      ['toString', 'kept'],
    ]);
    expect(Object.getPrototypeOf(parsed.metadata)).toBe(Object.prototype);
  });

  it.each([
    [7.499_999, 7.5],
    [1e-200, 0],
    [0.1 + 0.2, 0.3],
    [30, 30],
  ])('rounds a guidance of %d to %d, once and for all', (given, stored) => {
    const parsed = createJobSchema.parse({ ...base, input: { ...base.input, guidance: given } });

    expect(parsed.input).toMatchObject({ guidance: stored });
    expect(createJobSchema.parse(parsed)).toStrictEqual(parsed);
  });
});

describe('idempotencyKeySchema', () => {
  it.each([
    ['bare', '7c9e6679-7425', '7c9e6679-7425'],
    ['quoted', '"7c9e6679-7425"', '7c9e6679-7425'],
    ['with escapes', String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    ['of one character', '!', '!'],
    ['as long as may be', 'k'.repeat(255), 'k'.repeat(255)],
    ['quoted, as long as may be', `"${'k'.repeat(255)}"`, 'k'.repeat(255)],
  ])('takes a key that is %s', (_, header, key) => {
    expect(idempotencyKeySchema.parse(header)).toBe(key);
  });

  it.each([
    ['empty', ''],
    ['empty in its quotes', '""'],
    ['too long', 'k'.repeat(256)],
    ['too long in its quotes', `"${'k'.repeat(256)}"`],
    ['of two words', 'a b'],
    ['of two words in quotes', '"a b"'],
    ['not ASCII', 'clé'],
    ['with a control character', 'a\u007f'],
  ])('refuses a key that is %s', (_, header) => {
    expect(idempotencyKeySchema.safeParse(header).success).toBe(false);
  });

  it('reads a key the same, bare or quoted', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 255,
    });
    const bare = visible.filter((key) => !/^".*"$/.test(key));

    fc.assert(
      fc.property(bare, (key) => {
        const quoted = `"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

        expect([idempotencyKeySchema.parse(key), idempotencyKeySchema.parse(quoted)]).toStrictEqual([key, key]);
      }),
    );
  });
});
