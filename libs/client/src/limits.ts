import { UnexpectedReplyError } from './errors.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Reply } from './transport.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface RangeWithDefault extends Range {
  readonly default: number;
}

/** What holds for every request. A model may allow less of some of it. */
export interface Limits {
  readonly object: 'limits';
  readonly bodyBytes: number;
  readonly batch: { readonly items: number; readonly bodyBytes: number };
  readonly input: {
    readonly promptCharacters: number;
    readonly images: RangeWithDefault;
    readonly side: RangeWithDefault & { readonly multipleOf: number };
    readonly steps: RangeWithDefault;
    readonly guidance: RangeWithDefault;
    readonly strength: RangeWithDefault;
    readonly scale: RangeWithDefault;
    readonly seed: Range;
  };
  readonly upload: { readonly bytes: number; readonly contentTypes: readonly string[]; readonly days: number };
  readonly metadata: { readonly keys: number; readonly keyCharacters: number; readonly valueCharacters: number };
  readonly policy: {
    readonly startWithinSeconds: RangeWithDefault;
    readonly executionTimeoutSeconds: RangeWithDefault;
    readonly maxAttempts: RangeWithDefault;
    readonly retainSeconds: RangeWithDefault;
  };
  readonly waitSeconds: Range;
  readonly listLimit: RangeWithDefault;
  readonly idempotencyKeyCharacters: number;
  readonly recordDays: number;
  /** The tenant's own: requests a minute, and jobs at the same time. */
  readonly quotas: {
    readonly createPerMinute: { readonly limit: number };
    readonly requestsPerMinute: { readonly limit: number };
    readonly queuedJobs: { readonly limit: number; readonly used: number };
    readonly runningJobs: { readonly limit: number; readonly used: number };
  };
}

/** The client itself relies on none of it. */
function isLimits(value: unknown): value is Limits {
  return isObject(value) && value.object === 'limits';
}

/** @throws UnexpectedReplyError */
export function readLimits(reply: Reply): Limits {
  const value = parseReply(reply);
  if (isLimits(value)) return value;
  throw new UnexpectedReplyError('the reply is not the limits of a tenant');
}
