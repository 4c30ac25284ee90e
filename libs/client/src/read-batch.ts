import type { Batch } from './batch.ts';
import { UnexpectedReplyError } from './errors.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Reply } from './transport.ts';

const BATCH_ID = /^bat_[0-9A-HJKMNP-TV-Z]{26}$/;

function isItem(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { index, jobId, problem } = value;
  return (
    typeof index === 'number' &&
    (jobId === null || typeof jobId === 'string') &&
    (problem === null || isObject(problem))
  );
}

/** Only what the client itself relies on has to be there; the rest is for its user to read. */
function isBatch(value: unknown): value is Batch {
  if (!isObject(value)) return false;
  const { id, status, counts, items } = value;
  return (
    typeof id === 'string' &&
    BATCH_ID.test(id) &&
    typeof status === 'string' &&
    isObject(counts) &&
    Array.isArray(items) &&
    items.every(isItem)
  );
}

/** @throws UnexpectedReplyError */
export function readBatch(reply: Reply): Batch {
  const value = parseReply(reply);
  if (isBatch(value)) return value;
  throw new UnexpectedReplyError('the reply is not a batch that this version of the client understands');
}
