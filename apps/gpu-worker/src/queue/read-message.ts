import type { JobMessage } from '@afterimage/job-schemas';
import { jobMessageSchema } from '@afterimage/job-schemas';

/** The claim check in a message, or why it is none for this pool. The reason never quotes the body. */
export type Reading = { readonly claimCheck: JobMessage } | { readonly poison: string };

/** Reads the body of a message of the pool's queues. */
export function readMessage(body: string, pool: string): Reading {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { poison: 'not JSON' };
  }
  const parsed = jobMessageSchema.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || '(body)');
    return { poison: `not a claim check: ${[...new Set(fields)].join(', ')}` };
  }
  if (parsed.data.pool !== pool) return { poison: `for the pool ${parsed.data.pool}` };
  return { claimCheck: parsed.data };
}
