import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const SECRET = 's'.repeat(32);
const position = fc.record({ createdAt: fc.string(), id: fc.string() });
const scope = fc.dictionary(fc.constantFrom('tenantId', 'status', 'model'), fc.string(), { minKeys: 1 });
const refused = expect.objectContaining({ code: 'validation-failed' });

describe('a cursor', () => {
  it('comes back as the position it was made of', () => {
    fc.assert(
      fc.property(position, scope, (where, filter) => {
        expect(decodeCursor(encodeCursor(where, filter, SECRET), filter, SECRET)).toEqual(where);
      }),
    );
  });

  it('is refused under another filter or tenant', () => {
    fc.assert(
      fc.property(position, scope, fc.string({ minLength: 1 }), (where, filter, extra) => {
        const cursor = encodeCursor(where, filter, SECRET);

        expect(() =>
          decodeCursor(cursor, { ...filter, tenantId: `${filter['tenantId'] ?? ''}${extra}` }, SECRET),
        ).toThrow(refused);
      }),
    );
  });

  it('is refused when one character of it is changed', () => {
    fc.assert(
      fc.property(position, fc.nat(), (where, at) => {
        const cursor = encodeCursor(where, {}, SECRET);
        const index = at % (cursor.length - 2);
        const changed = cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);

        expect(() => decodeCursor(changed, {}, SECRET)).toThrow(refused);
      }),
    );
  });

  it('any text is a position or a problem, never another error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(text, {}, SECRET)).toThrow(refused);
      }),
    );
  });
});
