import * as z from 'zod';
import { countedActSchema } from './acts.ts';

/** One message that nobody could handle. */
export const deadLetterSchema = z.object({
  messageId: z.string(),
  queue: z.string(),
  jobId: z.string().nullable(),
  tenantId: z.string().nullable(),
  sentAt: z.string().nullable(),
  receiveCount: z.int(),
  /** Its body without anything private. */
  summary: z.string(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** Dead letters with the same cause. `id` names the group in acts. */
export const deadLetterGroupSchema = z.object({
  id: z.string(),
  queue: z.string(),
  /** The error of the job, or what is wrong with the message. */
  cause: z.string(),
  count: z.int(),
  newestAt: z.string().nullable(),
  letters: z.array(deadLetterSchema),
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroupSchema>;

/** Body of `GET /dead-letters`. `total` is the queues' own approximate count: more than a look can read may be there. */
export const deadLettersSchema = z.object({
  at: z.string(),
  total: z.int(),
  read: z.int(),
  groups: z.array(deadLetterGroupSchema),
});
export type DeadLetters = z.infer<typeof deadLettersSchema>;

/** Which dead letters an act is for: one, a group, or all of a queue. */
export const deadLetterActSchema = countedActSchema.extend({
  queue: z.string().min(1),
  groupId: z.string().optional(),
  messageId: z.string().optional(),
});
export type DeadLetterAct = z.infer<typeof deadLetterActSchema>;
