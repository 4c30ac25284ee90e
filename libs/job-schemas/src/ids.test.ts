import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeId, idPattern } from './ids.ts';

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('encodeId', () => {
  it.each([
    [new Uint8Array(16), 'job_00000000000000000000000000'],
    [new Uint8Array(16).fill(255), 'job_7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    [Uint8Array.from({ length: 16 }, (_, index) => index), 'job_00041061050R3GG28A1C60T3GF'],
  ])('writes %s as %s', (bytes, id) => {
    expect(encodeId('job', bytes)).toBe(id);
  });

  it('writes ids that fit their pattern, and that of no other kind', () => {
    fc.assert(
      fc.property(sixteenBytes, (bytes) => {
        const id = encodeId('whd', bytes);

        expect(id).toMatch(idPattern('whd'));
        expect(id).not.toMatch(idPattern('job'));
      }),
    );
  });

  it('writes other bytes as another id, in the same order', () => {
    fc.assert(
      fc.property(sixteenBytes, sixteenBytes, (a, b) => {
        expect(Math.sign(Buffer.compare(a, b))).toBe(Math.sign(compare(encodeId('job', a), encodeId('job', b))));
      }),
    );
  });

  it('uses the first 16 bytes', () => {
    const bytes = randomBytes(32);

    expect(encodeId('evt', bytes)).toBe(encodeId('evt', bytes.subarray(0, 16)));
  });

  it('refuses fewer', () => {
    expect(() => encodeId('job', new Uint8Array(15))).toThrow(new RangeError('an id needs 16 bytes, got 15'));
  });
});

describe('idPattern', () => {
  it.each([
    'job_0123456789ABCDEFGHJKMNPQR',
    'job_0123456789ABCDEFGHJKMNPQRST',
    'job_0123456789abcdefghjkmnpqrs',
    'job_I123456789ABCDEFGHJKMNPQRS',
    'evt_0123456789ABCDEFGHJKMNPQRS',
    ' job_0123456789ABCDEFGHJKMNPQRS',
    'job_0123456789ABCDEFGHJKMNPQRS\n',
  ])('does not match %j', (id) => {
    expect(id).not.toMatch(idPattern('job'));
  });
});

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
