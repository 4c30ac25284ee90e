import type {
  BatchEventPublisher,
  DeliveryQueue,
  EventPublisher,
  JobPublisher,
  LegacyPublisher,
} from '@afterimage/job-core';
import type { BatchEvent, DeliveryMessage, JobEvent, JobMessage, LegacyCallback } from '@afterimage/job-schemas';

/** Keeps the claim checks that were published. */
export class RecordingJobPublisher implements JobPublisher {
  readonly published: { readonly message: JobMessage; readonly traceparent: string | null }[] = [];

  async publish(message: JobMessage, traceparent: string | null): Promise<void> {
    this.published.push(structuredClone({ message, traceparent }));
  }
}

/** Keeps the events that were published. */
export class RecordingEventPublisher implements EventPublisher, BatchEventPublisher {
  readonly published: JobEvent[] = [];
  readonly publishedOfBatches: BatchEvent[] = [];

  async publish(event: JobEvent): Promise<void> {
    this.published.push(structuredClone(event));
  }

  async publishBatchEvent(event: BatchEvent): Promise<void> {
    this.publishedOfBatches.push(structuredClone(event));
  }
}

/** Keeps the callbacks that were published. */
export class RecordingLegacyPublisher implements LegacyPublisher {
  readonly published: { readonly callback: LegacyCallback; readonly tenantId: string }[] = [];

  async publish(...[callback, { tenantId }]: Parameters<LegacyPublisher['publish']>): Promise<void> {
    this.published.push(structuredClone({ callback, tenantId }));
  }
}

/** Keeps the delivery attempts that were asked for. */
export class RecordingDeliveryQueue implements DeliveryQueue {
  readonly sent: { readonly message: DeliveryMessage; readonly delaySeconds: number }[] = [];

  async send(message: DeliveryMessage, delaySeconds: number): Promise<void> {
    this.sent.push(structuredClone({ message, delaySeconds }));
  }
}
