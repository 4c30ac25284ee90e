import * as z from 'zod';
import { LIMITS } from './limits.ts';
import { unicodeText } from './unicode-text.ts';

/** What a key may do; each route of the API asks for one. */
export const scopeSchema = z.enum([
  'jobs:read',
  'jobs:write',
  'uploads:write',
  'webhooks:manage',
  'usage:read',
  'admin',
]);
export type Scope = z.infer<typeof scopeSchema>;

const { nameCharacters, overlapSeconds } = LIMITS.apiKeys;

/** Body of `POST /v1/keys`. */
export const createApiKeySchema = z.strictObject({
  name: unicodeText().min(1).max(nameCharacters),
  scopes: z
    .array(scopeSchema)
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'must not have a scope twice'),
});
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

/** Body of `POST /v1/keys/{id}/rotate`: how long the old key still works. */
export const rotateApiKeySchema = z.strictObject({
  overlapSeconds: z.int().min(overlapSeconds.min).max(overlapSeconds.max).default(overlapSeconds.default),
});
export type RotateApiKey = z.infer<typeof rotateApiKeySchema>;

/** A key as clients see it: never its secret. `revokedAt` lies ahead while a rotated key still works. */
export const apiKeySchema = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.iso.datetime({ precision: 3 }),
  revokedAt: z.iso.datetime({ precision: 3 }).nullable(),
});
export type ApiKeyView = z.infer<typeof apiKeySchema>;

/** A new key, with the text to authenticate with: nobody can read that again. */
export const newApiKeySchema = apiKeySchema.extend({ key: z.string() });
export type NewApiKey = z.infer<typeof newApiKeySchema>;

export const apiKeyListSchema = z.object({ data: z.array(apiKeySchema), nextCursor: z.null() });
