import type { WebhookEventType } from './create-job-request.ts';
import type { Open } from './job.ts';

export type EndpointEventType = WebhookEventType | 'batch.completed';

/** Where events of the tenant are sent to. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly events: readonly Open<EndpointEventType>[];
  readonly description: string;
  readonly enabled: boolean;
  /** `manual`: by its tenant; `gone`: it answered 410; `failing`: nothing succeeded for five days. */
  readonly disabledReason: Open<'manual' | 'gone' | 'failing'> | null;
  readonly disabledAt: string | null;
  /** First failure since the last success. */
  readonly failingSince: string | null;
  /** Until when the secret before the last rotation signs as well. */
  readonly secretRotatedUntil: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhookEndpointWithSecret extends WebhookEndpoint {
  /** `whsec_…`, for `webhooks.verify`. It is not shown again. */
  readonly secret: string;
}

export interface CreateWebhookEndpointRequest {
  readonly url: string;
  /** The ends of jobs and batches unless said. */
  readonly events?: readonly EndpointEventType[] | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** What is given takes the place of what was. */
export type UpdateWebhookEndpointRequest = {
  readonly [Field in keyof CreateWebhookEndpointRequest]?: CreateWebhookEndpointRequest[Field] | undefined;
};

/** One request to a receiver, and how it ended. */
export interface WebhookAttempt {
  readonly number: number;
  readonly sentAt: string;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly latencyMs: number;
  /** But for the signature. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** One event on its way to one receiver. */
export interface WebhookDelivery {
  readonly id: string;
  /** Null for a webhook that the job or batch names itself. */
  readonly endpointId: string | null;
  /** The `webhook-id`, the same on every attempt. */
  readonly eventId: string;
  readonly eventType: string;
  /** The job, the batch, or the endpoint that is tested. */
  readonly subject: string;
  readonly url: string;
  readonly status: Open<'pending' | 'delivered' | 'failed'>;
  readonly attempts: readonly WebhookAttempt[];
  readonly nextAttemptAt: string | null;
  readonly requestBody: string;
  readonly createdAt: string;
}
