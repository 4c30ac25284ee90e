/** A place that a request holds while it waits. */
export interface WaiterSlot {
  /** Holds it on until then. False when it is lost: it had run out, and another one has it. */
  renew(until: Date): Promise<boolean>;
  /** Never rejects: a place that is not given back runs out by itself. */
  release(): Promise<void>;
}

/** The places that a tenant's requests may wait in. Each is held on a lease, so that whoever crashes holds none for long. */
export interface WaiterSlots {
  /** Undefined when the tenant has no place left. */
  take(tenantId: string, lease: { readonly now: Date; readonly until: Date }): Promise<WaiterSlot | undefined>;
}
