import { UnexpectedReplyError } from './errors.ts';
import type { Job } from './job.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Reply } from './transport.ts';

/** A job as it would be created. Its estimates go by the tenant's latest jobs of the same model and task. */
export interface JobPreview extends Pick<Job, 'model' | 'pool' | 'task' | 'input' | 'output' | 'policy' | 'metadata'> {
  readonly object: 'job.preview';
  readonly webhook: { readonly url: string; readonly events: readonly string[] } | null;
  /** Null where there are no such jobs. */
  readonly queue: Job['queue'];
  readonly estimatedRunSeconds: number | null;
}

function isPreview(value: unknown): value is JobPreview {
  return isObject(value) && value.object === 'job.preview' && isObject(value.input) && isObject(value.queue);
}

/** @throws UnexpectedReplyError */
export function readPreview(reply: Reply): JobPreview {
  const value = parseReply(reply);
  if (isPreview(value)) return value;
  throw new UnexpectedReplyError('the reply is not the preview of a job');
}
