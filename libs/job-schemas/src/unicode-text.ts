import * as z from 'zod';

/**
 * A string that every part of the system can carry. JSON can write half of a surrogate pair; UTF-8 cannot, and RFC 8785
 * has no canonical form for it.
 */
export function unicodeText(): z.ZodString {
  return z.string().refine((text) => text.isWellFormed(), 'must not contain half of a surrogate pair');
}
