import * as z from 'zod';

/** One call of AWS as it went out: the name of the operation and its input. */
export const callSchema = z.object({
  service: z.enum(['dynamodb', 'sns', 'sqs']),
  operation: z.string(),
  input: z.record(z.string(), z.unknown()),
});
export type Call = z.infer<typeof callSchema>;

/** Calls of one invocation, one group after the other; those of a group at the same time. */
export type CallGroups = readonly (readonly Call[])[];
