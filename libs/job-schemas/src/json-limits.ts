import type * as z from 'zod';

/** Refines an object to have so many keys at most. */
export function mostKeys(maximum: number) {
  return (value: object, context: z.RefinementCtx): void => {
    if (Object.keys(value).length <= maximum) return;
    context.addIssue({ code: 'too_big', maximum, origin: 'object', inclusive: true, input: value });
  };
}

function childrenOf(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
}

/** Of a text, or of an object in its keys: what is within comes with the next level. */
function hasHalfCharacters(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => !key.isWellFormed());
}

/** What is wrong with the value; undefined when nothing is. A loop, because a value can be too deep to recurse over. */
function jsonProblem(value: unknown, maxDepth: number): string | undefined {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === maxDepth && level.some((each) => typeof each === 'object' && each !== null)) {
      return `must be nested at most ${maxDepth} levels deep`;
    }
    // JSON can write 1e999, which is read as Infinity and cannot be written again.
    if (level.some((each) => typeof each === 'number' && !Number.isFinite(each))) {
      return 'must hold no number beyond 1.8e308';
    }
    if (level.some(hasHalfCharacters)) return 'must not contain half of a surrogate pair';
    level = childrenOf(level);
  }
  return undefined;
}

/** Refines parsed JSON of any shape to what every part of the system can store and write again. */
export function checkJson(maxDepth: number) {
  return (value: unknown, context: z.RefinementCtx): void => {
    const message = jsonProblem(value, maxDepth);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: value });
  };
}
