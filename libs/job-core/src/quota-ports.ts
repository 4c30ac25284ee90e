/** Ports to what a tenant has taken: of its rates, and of the places of its jobs. */

/** What all processes together have taken of a window. */
export interface RateState {
  readonly used: number;
  /** Processes that took some of it. */
  readonly holders: number;
}

export interface RateLease {
  readonly tokens: number;
  /** Of the window. */
  readonly limit: number;
  /** Whether the process takes of this window for the first time. */
  readonly isNewHolder: boolean;
  /** When the window is over. */
  readonly endsAt: Date;
}

/** Windows of rate limits that processes share. */
export interface RateStore {
  /** Takes all of the lease, with the state after it; undefined when less than that is left. */
  take(windowId: string, lease: RateLease): Promise<RateState | undefined>;
}

/** What a tenant's jobs can take places of. */
export type PlaceKind = 'queued' | 'running';

export interface RecountOptions {
  readonly limit: number;
  readonly now: Date;
  /** Not when it was counted in this time. */
  readonly everySeconds: number;
  /** Not when a place was taken in this time, since its job may not be there to be counted yet. */
  readonly quietSeconds: number;
}

/** Counts of a tenant's jobs, kept up by whoever adds one; too high where jobs have moved on, until the next recount. */
export interface JobPlaces {
  /** Takes all of the places: the share of the limit that is taken then (of one counter of several); undefined when there is no room. */
  take(
    tenantId: string,
    kind: PlaceKind,
    options: { readonly count: number; readonly limit: number; readonly now: Date },
  ): Promise<number | undefined>;
  /** For places whose jobs were never made, or have moved on. Of a count that is too low for that nothing is taken away. */
  giveBack(
    tenantId: string,
    kind: PlaceKind,
    options: { readonly count: number; readonly limit: number },
  ): Promise<void>;
  /** Sets the count to the jobs that there are, up to `limit`. False when it is not the time for that. */
  recount(tenantId: string, kind: PlaceKind, options: RecountOptions): Promise<boolean>;
  taken(tenantId: string, kind: PlaceKind, limit: number): Promise<number>;
}
