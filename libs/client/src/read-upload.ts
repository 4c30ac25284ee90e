import { UnexpectedReplyError } from './errors.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Reply } from './transport.ts';

export interface Upload {
  readonly id: string;
  /** Where to put the file; null when the API has it already. */
  readonly url: string | null;
  readonly headers: Record<string, string>;
}

/** @throws UnexpectedReplyError */
export function readUpload(reply: Reply): Upload {
  const value = parseReply(reply);
  if (isObject(value)) {
    const { id, url, headers } = value;
    const isPlace = url === null || (typeof url === 'string' && URL.canParse(url));
    if (typeof id === 'string' && isPlace) return { id, url, headers: textsOf(headers) };
  }
  throw new UnexpectedReplyError('the reply is not an upload that this version of the client understands');
}

function textsOf(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(isObject(value) ? value : {})) {
    if (typeof text === 'string') texts[name] = text;
  }
  return texts;
}
