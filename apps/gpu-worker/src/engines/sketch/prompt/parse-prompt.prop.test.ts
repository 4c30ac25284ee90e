import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLORS } from './colors.ts';
import { parsePrompt } from './parse-prompt.ts';
import { SUBJECT_WORDS, type SubjectKind } from './subjects.ts';

const kinds = Object.keys(SUBJECT_WORDS) as SubjectKind[];
const firstWord = (kind: SubjectKind): string => SUBJECT_WORDS[kind].split(' ')[0] ?? kind;

describe('parsePrompt, for any text', () => {
  it('reads everything without an error and twice the same', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ unit: 'binary', maxLength: 100 }),
        (prompt, negative) => {
          expect(parsePrompt(prompt, negative)).toEqual(parsePrompt(prompt, negative));
        },
      ),
    );
  });

  it('finds a subject wherever it stands, and never a banned one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(...kinds),
        fc.constantFrom(...COLORS.keys()),
        (kind, other, color) => {
          const prompt = `a ${color} ${firstWord(kind)}, ${firstWord(other)}`;
          expect(parsePrompt(prompt).subjects[0]).toMatchObject({ kind, color: COLORS.get(color) });
          const without = parsePrompt(prompt, firstWord(kind));
          expect(without.subjects.map((subject) => subject.kind)).not.toContain(kind);
          expect(without.banned).toContain(kind);
        },
      ),
    );
  });
});
