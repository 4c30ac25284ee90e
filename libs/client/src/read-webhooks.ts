import { UnexpectedReplyError } from './errors.ts';
import { isObject } from './problem.ts';
import { type Page, parseReply } from './read-reply.ts';
import type { Reply } from './transport.ts';
import type { WebhookDelivery, WebhookEndpoint, WebhookEndpointWithSecret } from './webhook-endpoint.ts';

export type { Page } from './read-reply.ts';

// Only what the client itself relies on has to be there; the rest is for its user to read.

function isEndpoint(value: unknown): value is WebhookEndpoint {
  return (
    isObject(value) && typeof value.id === 'string' && typeof value.url === 'string' && Array.isArray(value.events)
  );
}

function isEndpointWithSecret(value: unknown): value is WebhookEndpointWithSecret {
  return isObject(value) && typeof value.secret === 'string' && isEndpoint(value);
}

function isDelivery(value: unknown): value is WebhookDelivery {
  return (
    isObject(value) && typeof value.id === 'string' && typeof value.status === 'string' && Array.isArray(value.attempts)
  );
}

interface Redeliveries {
  readonly redelivered: number;
  readonly nextCursor: string | null;
}

function isRedeliveries(value: unknown): value is Redeliveries {
  return (
    isObject(value) &&
    typeof value.redelivered === 'number' &&
    (value.nextCursor === null || typeof value.nextCursor === 'string')
  );
}

function makeReader<T>(what: string, isRight: (value: unknown) => value is T): (reply: Reply) => T {
  return (reply) => {
    const value = parseReply(reply);
    if (isRight(value)) return value;
    const issues = [`the body is not a ${what}`];
    throw new UnexpectedReplyError('the reply is not what this version of the client understands', { issues });
  };
}

function isPageOf<T>(isItem: (value: unknown) => value is T) {
  return (value: unknown): value is Page<T> =>
    isObject(value) &&
    Array.isArray(value.data) &&
    value.data.every(isItem) &&
    (value.nextCursor === null || typeof value.nextCursor === 'string');
}

/** Each of these throws an UnexpectedReplyError for anything else. */
export const readWebhookEndpoint = makeReader('webhook endpoint', isEndpoint);
export const readWebhookEndpointWithSecret = makeReader('webhook endpoint with a secret', isEndpointWithSecret);
export const readWebhookEndpointPage = makeReader('list of webhook endpoints', isPageOf(isEndpoint));
export const readWebhookDelivery = makeReader('webhook delivery', isDelivery);
export const readWebhookDeliveryPage = makeReader('list of webhook deliveries', isPageOf(isDelivery));
export const readRedeliveries = makeReader('count of redeliveries', isRedeliveries);
