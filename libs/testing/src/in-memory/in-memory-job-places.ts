import type { FreePlaces, JobPlaces, PlaceKind, RecountOptions } from '@afterimage/job-core';
import type { InMemoryJobStore } from './in-memory-job-store.ts';

/** Counters in a map, beside a store of jobs. */
export class InMemoryJobPlaces implements JobPlaces {
  readonly #jobs: InMemoryJobStore;
  readonly #taken = new Map<string, number>();
  readonly #takenAtMs = new Map<string, number>();
  readonly #countedAtMs = new Map<string, number>();

  constructor(jobs: InMemoryJobStore) {
    this.#jobs = jobs;
  }

  async take(
    tenantId: string,
    kind: PlaceKind,
    { count, limit, now }: { count: number; limit: number; now: Date },
  ): Promise<number | undefined> {
    const taken = this.#count(tenantId, kind) + count;
    if (taken > limit) return undefined;
    this.#takenAtMs.set(`${tenantId}#${kind}`, now.getTime());
    this.#taken.set(`${tenantId}#${kind}`, taken);
    return taken / limit;
  }

  async giveBack(tenantId: string, kind: PlaceKind, free: FreePlaces): Promise<void> {
    if (!this.#isHeld(tenantId, kind, free)) return;
    this.#taken.set(`${tenantId}#${kind}`, this.#count(tenantId, kind) - free.count);
  }

  async handOn(
    tenantId: string,
    kind: PlaceKind,
    { now, ...free }: Required<FreePlaces> & { readonly now: Date },
  ): Promise<boolean> {
    if (!this.#isHeld(tenantId, kind, free)) return false;
    this.#takenAtMs.set(`${tenantId}#${kind}`, now.getTime());
    return true;
  }

  async recount(
    tenantId: string,
    kind: PlaceKind,
    { limit, now, everySeconds, quietSeconds }: RecountOptions,
  ): Promise<boolean> {
    const key = `${tenantId}#${kind}`;
    const quietSince = now.getTime() - quietSeconds * 1000;
    if (quietSeconds > 0 && (this.#takenAtMs.get(key) ?? -Infinity) > quietSince) return false;
    if ((this.#countedAtMs.get(key) ?? -Infinity) > now.getTime() - everySeconds * 1000) return false;
    this.#countedAtMs.set(key, now.getTime());
    const jobs = this.#jobs
      .all()
      .filter((job) => job.tenantId === tenantId && job.status.replace('canceling', 'running') === kind);
    this.#taken.set(key, Math.min(limit, jobs.length));
    return true;
  }

  async taken(tenantId: string, kind: PlaceKind): Promise<number> {
    return this.#count(tenantId, kind);
  }

  #isHeld(tenantId: string, kind: PlaceKind, { count, heldUntil }: FreePlaces): boolean {
    const countedAtMs = this.#countedAtMs.get(`${tenantId}#${kind}`) ?? -Infinity;
    return this.#count(tenantId, kind) >= count && countedAtMs < (heldUntil?.getTime() ?? Infinity);
  }

  #count(tenantId: string, kind: PlaceKind): number {
    return this.#taken.get(`${tenantId}#${kind}`) ?? 0;
  }
}
