import { WebhookVerificationError } from './errors.ts';
import type { WebhookEventType } from './create-job-request.ts';
import type { Job, Open } from './job.ts';
import { isObject } from './problem.ts';

/** The body of a webhook request. The job comes without its input. */
export interface WebhookEvent {
  /** The same on every delivery of the event: what has been seen already can be told by it. */
  readonly id: string;
  readonly type: Open<WebhookEventType>;
  readonly timestamp: string;
  /** Events may arrive in any order: `data.job.version` tells which state is the later one. */
  readonly data: { readonly job: Omit<Job, 'input'> };
}

export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How far the time of the delivery may be from now, in the past or in the future (300). */
  readonly toleranceSeconds?: number | undefined;
  readonly nowMs?: (() => number) | undefined;
}

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
  if (isObject(value) && isEvent(value)) return { ...value, id };
  throw new WebhookVerificationError('the body is not an event');
}

function isEvent(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Omit<WebhookEvent, 'id'> {
  const { type, timestamp, data } = value;
  return typeof type === 'string' && typeof timestamp === 'string' && isObject(data) && isObject(data.job);
}
