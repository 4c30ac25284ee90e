import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWeights } from './prompt-weights.ts';

describe('prompt weights', () => {
  it('keep every character of a text without brackets, backslashes and breaks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !/[()[\]\\]|BREAK/.test(text)),
        (text) => {
          expect(parseWeights(text)).toEqual([{ text, weight: 1 }]);
        },
      ),
    );
  });

  it('take any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('(', ')', '[', ']', '\\', ':', '1', '.', 'a', ' ') }), (text) => {
        expect(parseWeights(text).every((each) => each !== null && Number.isFinite(each.weight))).toBe(true);
      }),
    );
  });
});
