import type {
  SlotAnswer,
  SlotRequest,
  TargetHealth,
  TargetSlot,
  TargetStore,
  WebhookEndpointStore,
} from '@afterimage/job-core';
import { freeSlotOf, takenMsAgo } from '@afterimage/job-core';
import type { WebhookEndpointRecord } from '@afterimage/job-schemas';

/** Webhook endpoints in a map. */
export class InMemoryWebhookEndpointStore implements WebhookEndpointStore {
  readonly #endpoints = new Map<string, WebhookEndpointRecord>();

  constructor(endpoints: Iterable<WebhookEndpointRecord> = []) {
    for (const endpoint of endpoints) this.#endpoints.set(endpoint.id, structuredClone(endpoint));
  }

  async create(endpoint: WebhookEndpointRecord): Promise<boolean> {
    if (this.#endpoints.has(endpoint.id)) return false;
    this.#endpoints.set(endpoint.id, structuredClone(endpoint));
    return true;
  }

  async get(tenantId: string, endpointId: string): Promise<WebhookEndpointRecord | undefined> {
    const endpoint = this.#endpoints.get(endpointId);
    return endpoint?.tenantId === tenantId ? structuredClone(endpoint) : undefined;
  }

  async list(tenantId: string): Promise<WebhookEndpointRecord[]> {
    return [...this.#endpoints.values()]
      .filter((endpoint) => endpoint.tenantId === tenantId)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((endpoint) => structuredClone(endpoint));
  }

  async replace(endpoint: WebhookEndpointRecord): Promise<boolean> {
    if (this.#endpoints.get(endpoint.id)?.version !== endpoint.version - 1) return false;
    this.#endpoints.set(endpoint.id, structuredClone(endpoint));
    return true;
  }

  async delete(tenantId: string, endpointId: string): Promise<boolean> {
    return (await this.get(tenantId, endpointId)) !== undefined && this.#endpoints.delete(endpointId);
  }
}

const HEALTHY: TargetHealth = { failures: 0, failingSince: null, openUntil: null };

/** What is known of receivers, in maps. */
export class InMemoryTargetStore implements TargetStore {
  readonly #health = new Map<string, TargetHealth>();
  readonly #leases = new Map<string, (string | undefined)[]>();

  async health(key: string): Promise<TargetHealth> {
    return this.#health.get(key) ?? HEALTHY;
  }

  async countFailure(key: string, now: Date): Promise<TargetHealth & { failingSince: string }> {
    const { failures, failingSince, openUntil } = this.#health.get(key) ?? HEALTHY;
    const health = { failures: failures + 1, failingSince: failingSince ?? now.toISOString(), openUntil };
    this.#health.set(key, health);
    return health;
  }

  async open(key: string, until: string): Promise<void> {
    this.#health.set(key, { ...(this.#health.get(key) ?? HEALTHY), openUntil: until });
  }

  async claimProbe(key: string, openUntil: string, until: string): Promise<boolean> {
    const health = this.#health.get(key);
    if (health === undefined || health.openUntil !== openUntil) return false;
    this.#health.set(key, { ...health, openUntil: until });
    return true;
  }

  async clear(key: string): Promise<void> {
    this.#health.delete(key);
  }

  async takeSlot(key: string, request: SlotRequest): Promise<SlotAnswer> {
    const taken = this.#leases.get(key) ?? [];
    const leases = Array.from({ length: request.slots }, (_, number) => taken[number]);
    const number = freeSlotOf(leases, request.now.toISOString(), request.random);
    if (number === undefined) return { kind: 'busy', takenMsAgo: takenMsAgo(leases, request) };
    const until = new Date(request.now.getTime() + request.leaseMs).toISOString();
    this.#leases.set(key, leases.with(number, until));
    return { kind: 'taken', slot: { number, until } };
  }

  async freeSlot(key: string, { number, until }: TargetSlot): Promise<void> {
    const leases = this.#leases.get(key);
    if (leases?.[number] === until) this.#leases.set(key, leases.with(number, undefined));
  }
}
