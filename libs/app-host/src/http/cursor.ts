import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { invalidFields } from './parse-body.ts';
import type { ListPosition } from '@afterimage/job-core';
import { fingerprint } from '@afterimage/job-schemas';

const positionSchema = z.object({ createdAt: z.string(), id: z.string() });
const MAC_BYTES = 16;

/** What the list is filtered by, the tenant included: a cursor is good for this alone. */
export type CursorScope = Readonly<Record<string, string | undefined>>;

function mac(secret: string, payload: string, scope: CursorScope): Buffer {
  const hmac = createHmac('sha256', secret).update(payload).update('\0').update(fingerprint(scope));
  return hmac.digest().subarray(0, MAC_BYTES);
}

/** An opaque cursor: the position and a MAC over it and the filter. */
export function encodeCursor(position: ListPosition, scope: CursorScope, secret: string): string {
  const payload = Buffer.from(JSON.stringify({ createdAt: position.createdAt, id: position.id })).toString('base64url');
  return `${payload}.${mac(secret, payload, scope).toString('base64url')}`;
}

/** @throws ProblemError when the cursor was not made by us for this filter */
export function decodeCursor(cursor: string, scope: CursorScope, secret: string): ListPosition {
  const [payload = '', tag = ''] = cursor.split('.');
  const expected = mac(secret, payload, scope);
  const actual = Buffer.from(tag, 'base64url');
  if (actual.byteLength !== expected.byteLength || !timingSafeEqual(actual, expected)) {
    const detail = 'is not a cursor of this list: start again without it, or keep the filter that it came with';
    throw invalidFields([{ pointer: 'cursor', code: 'invalid_cursor', detail }], 'query parameter');
  }
  return positionSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}
