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

/** What a tenant's jobs can take places of. A job that is being canceled still runs. */
export type PlaceKind = 'queued' | 'running';

export interface RecountOptions {
  readonly limit: number;
  readonly now: Date;
  /** Not when it was counted in this time. */
  readonly everySeconds: number;
  /** Not when a place was taken in this time, since its job may not be there to be counted yet. */
  readonly quietSeconds: number;
}

/** Of places that were taken and are not needed any more. */
export interface FreePlaces {
  readonly count: number;
  readonly limit: number;
  /**
   * A time just before their jobs moved on. A recount after it has not counted these jobs, so that nothing is left to be given back or
   * handed on. For places whose jobs were never made it may be left out.
   */
  readonly heldUntil?: Date;
}

/** Counts of a tenant's jobs, kept up by whoever adds one; too high where jobs have moved on, until the next recount. */
export interface JobPlaces {
  /** Takes all of the places: the share of the limit that is taken then (of one counter of several); undefined when there is no room. */
  take(
    tenantId: string,
    kind: PlaceKind,
    options: { readonly count: number; readonly limit: number; readonly now: Date },
  ): Promise<number | undefined>;
  /** Of a count that is too low for that nothing is taken away. */
  giveBack(tenantId: string, kind: PlaceKind, free: FreePlaces): Promise<void>;
  /** Takes free places for other jobs, without giving them back first. False when they are no more there to be taken. */
  handOn(tenantId: string, kind: PlaceKind, free: Required<FreePlaces> & { readonly now: Date }): Promise<boolean>;
  /** Sets the count to the jobs that there are, up to `limit`. False when it is not the time for that. */
  recount(tenantId: string, kind: PlaceKind, options: RecountOptions): Promise<boolean>;
  taken(tenantId: string, kind: PlaceKind, limit: number): Promise<number>;
}
