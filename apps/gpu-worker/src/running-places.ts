import type { JobPlaces, TakePlaces } from '@afterimage/job-core';
import type { Log } from '@afterimage/telemetry';
import type { Time } from './time.ts';

/** A place among the running jobs of a tenant. */
export interface Place {
  readonly tenantId: string;
  /** Monotonic time. */
  readonly takenAtMs: number;
}

interface SparePlace extends Place {
  readonly heldUntil: Date;
}

export interface RunningPlacesPorts {
  readonly takePlaces: TakePlaces;
  readonly places: Pick<JobPlaces, 'giveBack' | 'handOn'>;
  readonly limitOfTenant: (tenantId: string) => Promise<number>;
  readonly time: Time;
  readonly log: Log;
}

/** How long a place waits for the tenant's next job: as long as nobody else misses it. */
const KEPT_MS = 1000;
/** A place is not handed on for longer, so that a lower limit comes into force under load as well. */
const MAX_AGE_MS = 60_000;

/** Places of this worker's jobs. One that is free again serves the next job of its tenant, or is given back. */
export class RunningPlaces {
  readonly #ports: RunningPlacesPorts;
  readonly #closing = new AbortController();
  readonly #spare = new Set<SparePlace>();
  readonly #returns = new Set<Promise<void>>();

  constructor(ports: RunningPlacesPorts) {
    this.#ports = ports;
  }

  /** Undefined when the tenant has as many jobs running as it may. @throws DependencyUnavailableError */
  async take(tenantId: string): Promise<Place | undefined> {
    const { takePlaces, places, limitOfTenant, time } = this.#ports;
    const limit = await limitOfTenant(tenantId);
    const kept = [...this.#spare].find((place) => place.tenantId === tenantId && this.#mayBeKept(place));
    if (kept !== undefined) {
      this.#spare.delete(kept);
      const { takenAtMs, heldUntil } = kept;
      const isOurs = await places.handOn(tenantId, 'running', { count: 1, limit, heldUntil, now: time.now() });
      if (isOurs) return { tenantId, takenAtMs };
    }
    const takenAtMs = time.monotonicMs();
    const { isTaken } = await takePlaces({ tenantId, kind: 'running', count: 1, limit });
    return isTaken ? { tenantId, takenAtMs } : undefined;
  }

  /**
   * For when its job runs no more, or was not claimed.
   * @param heldUntil a time just before that
   */
  free(place: Place, heldUntil: Date): void {
    const returned = this.#return({ ...place, heldUntil }).finally(() => this.#returns.delete(returned));
    this.#returns.add(returned);
  }

  /** Resolves when every free place is given back. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#returns);
  }

  #mayBeKept({ takenAtMs }: Place): boolean {
    return this.#ports.time.monotonicMs() - takenAtMs < MAX_AGE_MS;
  }

  async #return(place: SparePlace): Promise<void> {
    const { places, limitOfTenant, time, log } = this.#ports;
    const { tenantId, heldUntil } = place;
    if (this.#mayBeKept(place)) {
      this.#spare.add(place);
      await time.wait(KEPT_MS, this.#closing.signal);
      if (!this.#spare.delete(place)) return;
    }
    try {
      const limit = await limitOfTenant(tenantId);
      await places.giveBack(tenantId, 'running', { count: 1, limit, heldUntil });
    } catch (error) {
      // The next recount finds it.
      log.warn('place not given back', { tenantId, error });
    }
  }
}
