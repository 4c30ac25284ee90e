import * as z from 'zod';

/** Longest reason that is taken, in characters. */
const REASON_LENGTH = 500;

/** Why an operator does something: whatever changes something asks for it. */
export const reasonSchema = z.string().trim().min(3).max(REASON_LENGTH);

/** Body of an act on one thing. */
export const actSchema = z.strictObject({ reason: reasonSchema });
export type Act = z.infer<typeof actSchema>;

/**
 * Body of an act on all that is there. The operator confirmed `expectedCount`; when there are more by now, the act is refused
 * and nothing is done.
 */
export const countedActSchema = actSchema.extend({ expectedCount: z.int().min(0) });
export type CountedAct = z.infer<typeof countedActSchema>;

/** What came of an act on many things: how many it was done to, and what went wrong with the others, by their ids. */
export const actResultSchema = z.object({
  done: z.int(),
  failures: z.array(z.object({ id: z.string(), code: z.string(), detail: z.string() })),
});
export type ActResult = z.infer<typeof actResultSchema>;
