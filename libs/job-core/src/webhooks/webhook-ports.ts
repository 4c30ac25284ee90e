import type { Delivery, DeliveryAttempt, DeliveryStatus, WebhookEndpointRecord } from '@afterimage/job-schemas';
import type { ListPosition } from '../ports.ts';

/** The result of one delivery attempt; its guard is `status = pending AND attempt = :attempt`. */
export type DeliveryUpdate = Pick<
  Delivery,
  'status' | 'attempt' | 'dueAt' | 'lastStatusCode' | 'lastError' | 'lastLatencyMs'
> & { readonly attempts?: DeliveryAttempt[] };

/** Newest first. Times are ISO. */
export interface DeliveryQuery {
  readonly endpointId: string;
  readonly status?: DeliveryStatus;
  /** Inclusive. */
  readonly createdSince?: string;
  readonly limit: number;
  readonly after?: ListPosition;
}

export interface DeliveryStore {
  /** One conditional put: the stored delivery, whether it is this one or an earlier one of the same id. */
  create(delivery: Delivery): Promise<Delivery>;
  get(deliveryId: string): Promise<Delivery | undefined>;
  /** False when the delivery has moved on: it is not pending, or not at `attempt`. */
  update(deliveryId: string, attempt: number, update: DeliveryUpdate): Promise<boolean>;
  /** Makes a delivery that has ended at `attempt` pending at the next one, due at `dueAt`. False when it has moved on. */
  reopen(deliveryId: string, attempt: number, dueAt: string): Promise<boolean>;
  /** Eventually consistent. `next` is null on the last page. */
  list(query: DeliveryQuery): Promise<{ readonly deliveries: readonly Delivery[]; readonly next: ListPosition | null }>;
}

export interface WebhookEndpointStore {
  /** One conditional put. False when the id is taken. */
  create(endpoint: WebhookEndpointRecord): Promise<boolean>;
  get(tenantId: string, endpointId: string): Promise<WebhookEndpointRecord | undefined>;
  /** Every endpoint of the tenant, in the order of their ids. Strongly consistent. */
  list(tenantId: string): Promise<readonly WebhookEndpointRecord[]>;
  /** False when the stored one is not of the version before. */
  replace(endpoint: WebhookEndpointRecord): Promise<boolean>;
  /** False when there is none. */
  delete(tenantId: string, endpointId: string): Promise<boolean>;
}

/** How requests to a receiver have gone of late. */
export interface TargetHealth {
  /** Since the last success. */
  readonly failures: number;
  readonly failingSince: string | null;
  /** No request before this time; after it one, which decides. */
  readonly openUntil: string | null;
}

/** One of the requests that may be under way to a receiver at a time. */
export interface TargetSlot {
  readonly number: number;
  /** Until when it is taken at most. */
  readonly until: string;
}

/** `busy`: every slot is taken, the last one so long ago. */
export type SlotAnswer =
  | { readonly kind: 'taken'; readonly slot: TargetSlot }
  | { readonly kind: 'busy'; readonly takenMsAgo: number };

export interface SlotRequest {
  readonly now: Date;
  readonly slots: number;
  /** Time after which a slot whose owner is gone is free again. */
  readonly leaseMs: number;
  /** From 0 up to, not including, 1: which of the free ones. */
  readonly random: number;
}

/** What the notifier's invocations share about receivers, by a key of the receiver. */
export interface TargetStore {
  health(key: string): Promise<TargetHealth>;
  countFailure(key: string, now: Date): Promise<TargetHealth & { readonly failingSince: string }>;
  /** Lets no request through until then. */
  open(key: string, until: string): Promise<void>;
  /** Takes the one request that may go after `openUntil`; false when somebody else has it. */
  claimProbe(key: string, openUntil: string, until: string): Promise<boolean>;
  /** After a success: forgets the failures. */
  clear(key: string): Promise<void>;
  takeSlot(key: string, request: SlotRequest): Promise<SlotAnswer>;
  /** Frees the slot, unless its lease was lost. */
  freeSlot(key: string, slot: TargetSlot): Promise<void>;
}
