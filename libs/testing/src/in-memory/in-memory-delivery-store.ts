import type { DeliveryStore, DeliveryUpdate } from '@afterimage/job-core';
import type { Delivery } from '@afterimage/job-schemas';

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
    this.#deliveries.set(deliveryId, { ...stored, ...update });
    return true;
  }
}
