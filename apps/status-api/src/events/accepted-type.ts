import { ProblemError } from '@afterimage/job-core';

export const EVENT_STREAM = 'text/event-stream';
export const JSON_TYPE = 'application/json';

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '') ?? '1';
  return { type, quality: Number(quality) };
}

/** The quality of the most specific range that the type is in (RFC 9110, 12.5.1). */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const names = [type, type.replace(/\/.*/, '/*'), '*/*'];
  const range = names.map((name) => ranges.find((each) => each.type === name)).find((found) => found !== undefined);
  return range?.quality ?? 0;
}

/**
 * Whether the client wants a stream or JSON; JSON when both are the same to it.
 * @throws ProblemError `not-acceptable` when it wants neither
 */
export function acceptedType(accept: string | undefined): typeof EVENT_STREAM | typeof JSON_TYPE {
  if (accept === undefined || accept.trim() === '') return JSON_TYPE;
  const ranges = accept.split(',').map(readRange);
  const [stream, json] = [qualityOf(EVENT_STREAM, ranges), qualityOf(JSON_TYPE, ranges)];
  if (json > 0 && json >= stream) return JSON_TYPE;
  if (stream > 0) return EVENT_STREAM;
  throw new ProblemError('not-acceptable', { detail: `events come as ${EVENT_STREAM} or as ${JSON_TYPE}` });
}
