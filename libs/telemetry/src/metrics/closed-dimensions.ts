import { type CallDimensions, type Dimension, FAILURE_REASONS } from './definition.ts';

/** What takes the place of a value that is not in the set of its dimension. */
export const OTHER = 'other';

/** A pool's name, as `pools.json` may have it. */
const POOL = /^[a-z][a-z0-9-]{0,30}$/;
const REASONS: ReadonlySet<string> = new Set(FAILURE_REASONS);

/**
 * The values of a metric's dimensions, each from a closed set: CloudWatch keeps, and charges for, one metric for each of
 * them. What the types did not stop, such as an id, is counted as {@link OTHER}; what the metric does not have is left out.
 * @param pool of the process, from its configuration
 */
export function closedDimensions(
  declared: readonly Dimension[],
  pool: string | undefined,
  call: CallDimensions = {},
): readonly (readonly [Dimension, string])[] {
  const values: Record<Dimension, string | undefined> = {
    pool: pool === undefined || POOL.test(pool) ? pool : OTHER,
    reason: call.reason === undefined || REASONS.has(call.reason) ? call.reason : OTHER,
  };
  return declared.flatMap((dimension) => {
    const value = values[dimension];
    return value === undefined ? [] : [[dimension, value] as const];
  });
}
