import type { RateLease, RateState, RateStore } from '@afterimage/job-core';

/** Windows of rate limits in a map. */
export class InMemoryRateStore implements RateStore {
  readonly #windows = new Map<string, RateState>();
  /** Calls so far, refused ones too. */
  calls = 0;

  async take(windowId: string, { tokens, limit, isNewHolder }: RateLease): Promise<RateState | undefined> {
    this.calls += 1;
    const { used, holders } = this.#windows.get(windowId) ?? { used: 0, holders: 0 };
    if (used + tokens > limit) return undefined;
    const state = { used: used + tokens, holders: holders + (isNewHolder ? 1 : 0) };
    this.#windows.set(windowId, state);
    return { ...state };
  }
}
