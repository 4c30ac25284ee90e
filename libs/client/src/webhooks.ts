import { WebhookVerificationError } from './errors.ts';
import type { Batch } from './batch.ts';
import type { WebhookEventType } from './create-job-request.ts';
import type { Job } from './job.ts';
import { isObject } from './problem.ts';

interface EventOf<Type extends string, Data> {
  /** The same on every attempt at the delivery: what has been seen already can be told by it. */
  readonly id: string;
  readonly type: Type;
  readonly timestamp: string;
  readonly data: Data;
}

/** The job comes without its input. Events may arrive in any order: `data.job.version` tells which state is the later one. */
export type JobWebhookEvent = EventOf<WebhookEventType, { readonly job: Omit<Job, 'input'> }>;

/** The batch comes without its items. */
export type BatchWebhookEvent = EventOf<'batch.completed', { readonly batch: Omit<Batch, 'items'> }>;

/** Sent by a test of an endpoint. */
export type TestWebhookEvent = EventOf<'webhook.test', { readonly endpointId: string }>;

/** What a webhook request tells. A later API may send types that are not here: leave them out. */
export type WebhookEvent = JobWebhookEvent | BatchWebhookEvent | TestWebhookEvent;

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How far the time of the delivery may be from now, in the past or in the future (300). */
  readonly toleranceSeconds?: number | undefined;
  readonly nowMs?: (() => number) | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** More than any rotation needs; each one costs a HMAC. */
const MAX_SIGNATURES = 16;

/**
 * Checks that a webhook request is from the API and not an old one (Standard Webhooks: HMAC-SHA256 over
 * `{id}.{timestamp}.{body}`), and reads it.
 * @param body exactly as it arrived: parsed and written again it has other bytes
 * @param secrets `whsec_…`; while a secret is rotated, the old one and the new one
 * @throws WebhookVerificationError
 * @throws TypeError for a secret that is none
 */
async function verify(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, nowMs = Date.now }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = readSignatures(headerOf(headers, 'webhook-signature'));
  if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookVerificationError('webhook-timestamp is not in seconds');
  const offSeconds = Math.abs(nowMs() / 1000 - Number(timestamp));
  // Not "off > tolerance": a tolerance that is no number must refuse.
  if (!(offSeconds <= toleranceSeconds)) throw new WebhookVerificationError('webhook-timestamp is too far from now');
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const keys = await Promise.all([secrets].flat().map(importSecret));
  const checks = keys.flatMap((key) =>
    // It compares in constant time.
    signatures.map((signature) => crypto.subtle.verify('HMAC', key, signature, signed)),
  );
  if (!(await Promise.all(checks)).includes(true)) throw new WebhookVerificationError('no signature is right');
  return readEvent(id, new TextDecoder().decode(bytes));
}

/** Webhooks of the API. */
export const webhooks = { verify };

function headerOf(headers: WebhookHeaders, name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookVerificationError(`the request has no ${name}, or several`);
}

/** Signatures of later versions of the scheme are left out. */
function readSignatures(header: string): Uint8Array<ArrayBuffer>[] {
  const all = header.split(' ').filter((part) => part !== '');
  if (all.length > MAX_SIGNATURES) throw new WebhookVerificationError('webhook-signature has too many signatures');
  return all
    .filter((part) => part.startsWith('v1,'))
    .map((part) => decodeBase64(part.slice(3)))
    .filter((bytes) => bytes !== undefined);
}

/** `CryptoKey` is not a global type everywhere. */
type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

async function importSecret(secret: string): Promise<HmacKey> {
  const bytes = decodeBase64(secret.replace(/^whsec_/, ''));
  if (bytes === undefined || bytes.length === 0) throw new TypeError('a webhook secret must be whsec_ and base64');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

function readEvent(id: string, text: string): WebhookEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WebhookVerificationError('the body is not JSON', { cause });
  }
  const event = { ...(isObject(value) ? value : {}), id };
  if (isEvent(event)) return event;
  throw new WebhookVerificationError('the body is not an event');
}

/** Whether the type's own data is there. Of a type that is not known only its own users know. */
function hasData(type: string, data: JsonObject): boolean {
  if (type === 'batch.completed') return isObject(data.batch) && typeof data.batch.id === 'string';
  if (type === 'webhook.test') return typeof data.endpointId === 'string';
  return !type.startsWith('job.') || isObject(data.job);
}

function isEvent(value: JsonObject): value is JsonObject & WebhookEvent {
  const { type, timestamp, data } = value;
  return typeof type === 'string' && typeof timestamp === 'string' && isObject(data) && hasData(type, data);
}
