import { createHash } from 'node:crypto';
import {
  type FieldError,
  type ImageContentType,
  type ImageRef,
  imageRefSchema,
  inlineImageSchema,
  uploadIdOf,
} from '@afterimage/job-schemas';

/** An image that came with the request. */
export interface InlineImage {
  readonly uploadId: string;
  readonly body: Uint8Array;
  readonly contentType: ImageContentType;
}

export type Taken = { readonly ref: ImageRef; readonly inline?: InlineImage } | { readonly error: FieldError };

const SIGNATURES: readonly (readonly [ImageContentType, (bytes: Buffer) => boolean])[] = [
  ['image/png', (bytes) => bytes.toString('latin1', 0, 4) === '\x89PNG'],
  ['image/jpeg', (bytes) => bytes.toString('latin1', 0, 3) === '\xff\xd8\xff'],
  ['image/webp', (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'],
];

const ADDRESS = /^([a-z][a-z0-9+.-]*):(?!image\/)/i;

/** Whether a text names a place to fetch something from. */
export function isAddress(value: string): boolean {
  return ADDRESS.test(value);
}

function takeAddress(address: string, pointer: string): Taken {
  const result = imageRefSchema.safeParse({ url: address });
  if (result.success) return { ref: result.data };
  const scheme = ADDRESS.exec(address)?.[1] ?? '';
  const detail = `must be base64 or an https URL, which may be signed, got one that begins with ${scheme}:`;
  return { error: { pointer, code: 'unsupported_address', detail, limit: 'https' } };
}

/** An image of the request: an https URL for the worker to fetch, or base64, which becomes an upload of the tenant. */
export function takeImage(value: string, pointer: string, tenantId: string): Taken {
  if (isAddress(value)) return takeAddress(value, pointer);
  if (!inlineImageSchema.safeParse(value).success) {
    return { error: { pointer, code: 'invalid_format', detail: 'must be base64 or an https URL' } };
  }
  const body = Buffer.from(value.slice(value.indexOf(',') + 1), 'base64');
  const contentType = SIGNATURES.find(([, matches]) => matches(body))?.[0];
  if (contentType === undefined) {
    return { error: { pointer, code: 'unsupported_type', detail: 'must be a PNG, JPEG or WebP image' } };
  }
  const uploadId = uploadIdOf(tenantId, createHash('sha256').update(body).digest('hex'));
  return { ref: { uploadId }, inline: { uploadId, body, contentType } };
}

/** The images of one request, each under a name that its place in the request is given. */
export class ImageTaker {
  readonly images: Record<string, ImageRef> = {};
  readonly inline: InlineImage[] = [];
  readonly errors: FieldError[] = [];
  readonly #tenantId: string;

  constructor(tenantId: string) {
    this.#tenantId = tenantId;
  }

  /** What stands for the image from now on; a value that is no text is left for the check of the body. */
  take(value: unknown, pointer: string, name: string): unknown {
    if (typeof value !== 'string' || value === '') return value;
    const taken = takeImage(value, pointer, this.#tenantId);
    if ('error' in taken) {
      this.errors.push(taken.error);
      return value;
    }
    this.images[name] = taken.ref;
    if (taken.inline !== undefined) this.inline.push(taken.inline);
    return `{{${name}}}`;
  }
}
