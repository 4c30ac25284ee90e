import * as z from 'zod';
import { idPattern } from './ids.ts';
import { LIMITS } from './limits.ts';

/** What engines can read. */
export const imageContentTypeSchema = z.enum(['image/png', 'image/jpeg', 'image/webp']);
export type ImageContentType = z.infer<typeof imageContentTypeSchema>;

/** Body of `POST /v1/uploads`: the file that the client is going to put. */
export const createUploadSchema = z.strictObject({
  contentType: imageContentTypeSchema,
  bytes: z.int().min(1).max(LIMITS.inputImageBytes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
});
export type CreateUpload = z.infer<typeof createUploadSchema>;

/**
 * An upload as clients see it. The file is put to `url` with `headers`, until `expiresAt`; when the tenant has uploaded the
 * same bytes before, `deduplicated` is true and there is nothing to put.
 */
export const uploadSchema = z.object({
  id: z.string().regex(idPattern('upl')),
  object: z.literal('upload'),
  contentType: imageContentTypeSchema,
  bytes: z.int(),
  sha256: z.string(),
  deduplicated: z.boolean(),
  url: z.string().nullable(),
  method: z.literal('PUT').nullable(),
  headers: z.record(z.string(), z.string()).nullable(),
  expiresAt: z.iso.datetime({ precision: 3 }).nullable(),
});
export type Upload = z.infer<typeof uploadSchema>;
