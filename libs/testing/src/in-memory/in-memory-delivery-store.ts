import type { DeliveryQuery, DeliveryStore, DeliveryUpdate, ListPosition } from '@afterimage/job-core';
import type { Delivery } from '@afterimage/job-schemas';

const sortOf = ({ createdAt, id }: ListPosition) => `${createdAt}#${id}`;

/** Webhook deliveries in a map. */
export class InMemoryDeliveryStore implements DeliveryStore {
  readonly #deliveries = new Map<string, Delivery>();

  /** Every delivery, in the order of creation. */
  all(): Delivery[] {
    return [...this.#deliveries.values()].map((delivery) => structuredClone(delivery));
  }

  async create(delivery: Delivery): Promise<Delivery> {
    const stored = this.#deliveries.get(delivery.id) ?? structuredClone(delivery);
    this.#deliveries.set(delivery.id, stored);
    return structuredClone(stored);
  }

  async get(deliveryId: string): Promise<Delivery | undefined> {
    return structuredClone(this.#deliveries.get(deliveryId));
  }

  async update(deliveryId: string, attempt: number, update: DeliveryUpdate): Promise<boolean> {
    const stored = this.#deliveries.get(deliveryId);
    if (stored === undefined || stored.status !== 'pending' || stored.attempt !== attempt) return false;
    const { attempts = stored.attempts, ...rest } = update;
    this.#deliveries.set(deliveryId, { ...stored, ...rest, attempts: [...attempts] });
    return true;
  }

  async reopen(deliveryId: string, attempt: number, dueAt: string): Promise<boolean> {
    const stored = this.#deliveries.get(deliveryId);
    if (stored === undefined || stored.status === 'pending' || stored.attempt !== attempt) return false;
    const next = attempt + 1;
    this.#deliveries.set(deliveryId, { ...stored, status: 'pending', attempt: next, firstAttempt: next, dueAt });
    return true;
  }

  async list(query: DeliveryQuery): Promise<{ deliveries: Delivery[]; next: ListPosition | null }> {
    const { endpointId, status, createdSince = '', after, limit } = query;
    const found = this.all()
      .filter(
        (each) =>
          each.endpointId === endpointId &&
          (status === undefined || each.status === status) &&
          each.createdAt >= createdSince &&
          (after === undefined || sortOf(each) < sortOf(after)),
      )
      .sort((a, b) => (sortOf(a) < sortOf(b) ? 1 : -1));
    const deliveries = found.slice(0, limit);
    const last = deliveries.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return { deliveries, next: hasMore ? { createdAt: last.createdAt, id: last.id } : null };
  }
}
