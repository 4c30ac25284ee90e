import type { TenantQuotas } from '@afterimage/job-schemas';
import { ProblemError } from '../errors.ts';
import type { Clock, JobPlaces, PlaceKind } from '../ports.ts';

/**
 * Share of the places that may be taken before somebody looks how many really are. Nobody gives the place of a queued job back
 * when it moves on; of running jobs only those of workers that died are not given back.
 */
const RECOUNT_FROM: Readonly<Record<PlaceKind, number>> = { queued: 0.8, running: 1 };
/** Tenants and kinds remembered before all are forgotten. */
const MAX_KNOWN = 10_000;
/** Counting reads what it counts: at most this many jobs a second of each tenant. */
const COUNTED_PER_SECOND = 200;
/**
 * Nobody minds a job too many in a queue of a thousand, and a client would mind to be refused. A job that is not started for
 * a second is seen by nobody, and one too many that runs takes a worker from another tenant.
 */
const QUIET_SECONDS: Readonly<Record<PlaceKind, number>> = { queued: 0, running: 1 };
/** Longer than a count may take, so that no two go on at the same time. */
const MIN_INTERVAL_SECONDS: Readonly<Record<PlaceKind, number>> = { queued: 5, running: 3 };

export interface TakePlacesPorts {
  readonly places: JobPlaces;
  readonly now: Clock;
}

export interface PlacesWanted {
  readonly tenantId: string;
  readonly kind: PlaceKind;
  readonly count: number;
  readonly limit: number;
}

function intervalSeconds({ kind, limit }: Pick<PlacesWanted, 'kind' | 'limit'>): number {
  return Math.max(MIN_INTERVAL_SECONDS[kind], Math.ceil(limit / COUNTED_PER_SECOND));
}

/** Taken, or the whole seconds after which it makes sense to ask again. */
export type PlacesAnswer = { readonly isTaken: true } | { readonly isTaken: false; readonly retryAfterSeconds: number };
export type TakePlaces = (wanted: PlacesWanted) => Promise<PlacesAnswer>;

/**
 * Takes places of a tenant's jobs. The count may be too high, as a place that is not given back stays taken: it is set to the jobs
 * that there are when it nears the limit. So a crash between a place and its job heals.
 */
export function makeTakePlaces({ places, now }: TakePlacesPorts): TakePlaces {
  const known = new Map<string, { readonly share: number; readonly recountAtMs: number }>();

  function knownOf({ tenantId, kind }: PlacesWanted) {
    return known.get(`${tenantId}#${kind}`) ?? { share: 0, recountAtMs: 0 };
  }

  function remember({ tenantId, kind }: PlacesWanted, share: number, recountAtMs: number): void {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(`${tenantId}#${kind}`, { share, recountAtMs });
  }

  async function take(wanted: PlacesWanted): Promise<boolean> {
    const { tenantId, kind, count, limit } = wanted;
    const share = await places.take(tenantId, kind, { count, limit, now: now() });
    remember(wanted, share ?? 1, knownOf(wanted).recountAtMs);
    return share !== undefined;
  }

  /** Whether the places were counted anew. Never between a place and its job, which would not be counted. */
  async function recount(wanted: PlacesWanted, everySeconds: number): Promise<boolean> {
    const { tenantId, kind, limit } = wanted;
    const { share, recountAtMs } = knownOf(wanted);
    const time = now();
    if (time.getTime() < recountAtMs) return false;
    remember(wanted, share, time.getTime() + everySeconds * 1000);
    return places.recount(tenantId, kind, { limit, now: time, everySeconds, quietSeconds: QUIET_SECONDS[kind] });
  }

  return async function takePlaces(wanted): Promise<PlacesAnswer> {
    const everySeconds = intervalSeconds(wanted);
    if (knownOf(wanted).share >= RECOUNT_FROM[wanted.kind]) await recount(wanted, everySeconds);
    if (await take(wanted)) return { isTaken: true };
    if ((await recount(wanted, everySeconds)) && (await take(wanted))) return { isTaken: true };
    return { isTaken: false, retryAfterSeconds: everySeconds };
  };
}

export type PlacesInUse = (of: Omit<PlacesWanted, 'count'>) => Promise<number>;

/** How many places a tenant's jobs take, as of the last recount or later. */
export function makePlacesInUse({ places, now }: TakePlacesPorts): PlacesInUse {
  return async function placesInUse(of) {
    const { tenantId, kind, limit } = of;
    const options = { limit, now: now(), everySeconds: intervalSeconds(of), quietSeconds: QUIET_SECONDS[kind] };
    await places.recount(tenantId, kind, options);
    return places.taken(tenantId, kind, limit);
  };
}

export interface QueuePlacesPorts extends TakePlacesPorts {
  readonly quotasOfTenant: (tenantId: string) => Promise<TenantQuotas>;
}

/** Places of the tenants' queues, for new jobs. */
export interface QueuePlaces {
  /** @throws ProblemError `queue-full` */
  take(tenantId: string, count: number): Promise<void>;
  /** For jobs that were there already. */
  giveBack(tenantId: string, count: number): Promise<void>;
}

export function makeQueuePlaces({ places, now, quotasOfTenant }: QueuePlacesPorts): QueuePlaces {
  const takePlaces = makeTakePlaces({ places, now });
  return {
    async take(tenantId, count) {
      const { queuedJobs: limit } = await quotasOfTenant(tenantId);
      const answer = await takePlaces({ tenantId, kind: 'queued', count, limit });
      if (answer.isTaken) return;
      const { retryAfterSeconds } = answer;
      throw new ProblemError('queue-full', { detail: `at most ${limit} jobs may wait` }, { retryAfterSeconds });
    },
    async giveBack(tenantId, count) {
      const { queuedJobs: limit } = await quotasOfTenant(tenantId);
      await places.giveBack(tenantId, 'queued', { count, limit });
    },
  };
}
