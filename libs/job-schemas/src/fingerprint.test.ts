import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryId, fingerprint, idempotentJobId, jobEventId } from './fingerprint.ts';
import { idPattern } from './ids.ts';

const text = fc.string({ unit: 'grapheme' });
const json = fc.jsonValue({ stringUnit: 'grapheme' });

type Order = (keys: string[]) => string[];

/** The same value with the keys of every object in another order. */
function ordered(value: unknown, order: Order): unknown {
  if (Array.isArray(value)) return value.map((each) => ordered(each, order));
  if (value === null || typeof value !== 'object') return value;
  const inner = new Map(Object.entries(value));
  return Object.fromEntries(order([...inner.keys()]).map((key) => [key, ordered(inner.get(key), order)]));
}

const reversed: Order = (keys) => keys.toReversed();
const sorted: Order = (keys) => keys.toSorted();
const sameText = (a: unknown, b: unknown) => JSON.stringify(ordered(a, sorted)) === JSON.stringify(ordered(b, sorted));

describe('fingerprint', () => {
  it('is a SHA-256 over the canonical form of RFC 8785', () => {
    const canonical = '{"a":1e+30,"b":[4.5,0.002],"é":"€"}';

    expect(fingerprint({ é: '\u20ac', b: [4.5, 2e-3], a: 1e30 })).toBe(
      createHash('sha256').update(canonical).digest('hex'),
    );
  });

  it('is the same in whatever order the keys come', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(fingerprint(ordered(value, reversed))).toBe(fingerprint(value));
      }),
    );
  });

  it('is the same for every spelling of the same JSON', () => {
    fc.assert(
      fc.property(json, (value) => {
        const spelled: unknown = JSON.parse(JSON.stringify(value, null, 3));

        expect(fingerprint(spelled)).toBe(fingerprint(value));
      }),
    );
  });

  it('is another one for another value', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(fingerprint(a) === fingerprint(b)).toBe(sameText(a, b));
      }),
    );
  });
});

describe('ids that are derived', () => {
  it('come out the same each time, in their own kind', () => {
    expect(idempotentJobId('t', '/v1/jobs', 'k')).toBe(idempotentJobId('t', '/v1/jobs', 'k'));
    expect(idempotentJobId('t', '/v1/jobs', 'k')).toMatch(idPattern('job'));
    expect(jobEventId('job_1', 1)).toMatch(idPattern('evt'));
    expect(deliveryId('evt_1', 'https://a.example')).toMatch(idPattern('whd'));
  });

  it('differ when any part of a key differs, wherever the parts are cut', () => {
    const parts = fc.tuple(text, text, text);

    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(idempotentJobId(...a) === idempotentJobId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(idempotentJobId('a', 'bc', 'd')).not.toBe(idempotentJobId('ab', 'c', 'd'));
    expect(jobEventId('job_1', 11)).not.toBe(jobEventId('job_11', 1));
    expect(deliveryId('evt_1', '2')).not.toBe(deliveryId('evt_12', ''));
  });
});
