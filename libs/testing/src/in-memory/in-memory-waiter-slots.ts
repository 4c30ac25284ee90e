import type { WaiterSlot, WaiterSlots } from '@afterimage/job-core';

interface Lease {
  readonly holder: symbol;
  until: Date;
}

/** The places of each tenant in a map. */
export class InMemoryWaiterSlots implements WaiterSlots {
  readonly #limit: number;
  /** Places that were given out so far. */
  taken = 0;
  readonly #leases = new Map<string, (Lease | undefined)[]>();

  constructor(limit = 20) {
    this.#limit = limit;
  }

  /** Places that are held, those whose lease has run out included. */
  heldBy(tenantId: string): number {
    return (this.#leases.get(tenantId) ?? []).filter((lease) => lease !== undefined).length;
  }

  async take(
    tenantId: string,
    { now, until }: { readonly now: Date; readonly until: Date },
  ): Promise<WaiterSlot | undefined> {
    const leases = this.#leases.get(tenantId) ?? Array.from<undefined>({ length: this.#limit });
    this.#leases.set(tenantId, leases);
    const index = leases.findIndex((lease) => lease === undefined || lease.until < now);
    if (index === -1) return undefined;
    const holder = Symbol('holder');
    leases[index] = { holder, until };
    this.taken += 1;
    return {
      renew: async (next) => {
        const lease = leases[index];
        if (lease?.holder !== holder) return false;
        lease.until = next;
        return true;
      },
      release: async () => {
        if (leases[index]?.holder === holder) leases[index] = undefined;
      },
    };
  }
}
