import { UnexpectedReplyError } from './errors.ts';
import type { CallOptions } from './job-handle.ts';
import { isObject } from './problem.ts';
import { parseReply } from './read-reply.ts';
import type { Transport } from './transport.ts';

export interface UsageAmounts {
  /** Jobs that succeeded. */
  readonly jobs: number;
  readonly images: number;
  /** Of the engine's work on them. */
  readonly engineSeconds: number;
}

export interface Usage {
  readonly object: 'usage';
  /** `YYYY-MM-DD` in UTC. */
  readonly from: string;
  readonly to: string;
  readonly data: readonly (UsageAmounts & { readonly day: string; readonly model: string })[];
  readonly total: UsageAmounts;
}

export interface UsageOptions extends CallOptions {
  /** The first day, `YYYY-MM-DD` in UTC; 30 days in all unless given. */
  readonly from?: string | undefined;
  /** The last day; today unless given. */
  readonly to?: string | undefined;
}

function isUsage(value: unknown): value is Usage {
  return isObject(value) && value.object === 'usage' && Array.isArray(value.data) && isObject(value.total);
}

/** @throws UnexpectedReplyError */
export async function fetchUsage(transport: Transport, { from, to, signal }: UsageOptions = {}): Promise<Usage> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ from, to })) if (value !== undefined) query.set(name, value);
  const path = query.size === 0 ? '/v1/usage' : `/v1/usage?${query}`;
  const value = parseReply(await transport.send({ path, signal }));
  if (isUsage(value)) return value;
  throw new UnexpectedReplyError('the reply is not the usage of a tenant');
}
