import * as z from 'zod';

const LIMIT = { min: 1, max: 100, default: 50 };

/** The part of a list's query that every list has. The cursor is opaque and good for the same filters alone. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(LIMIT.min).max(LIMIT.max).default(LIMIT.default),
  cursor: z.string().optional(),
});

/** One page of a list. It may be short of entries, even empty, and yet not be the last: that is told by `nextCursor` alone. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
