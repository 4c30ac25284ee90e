import * as z from 'zod';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** Without a slash at its end. */
export const apiUrlSchema = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no query and no credentials')
  .transform((url) => url.replace(/\/+$/, ''));
/** What goes into a header; the message must not show the key. */
export const apiKeySchema = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII');

function parse(schema: z.ZodType<string>, value: string, what: string): string {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CliError(EXIT.usage, `${what} is wrong: ${result.error.issues[0]?.message ?? 'not understood'}`);
}

/** @throws CliError */
export const parseApiUrl = (value: string): string => parse(apiUrlSchema, value, 'the API address');
/** @throws CliError that does not show the key */
export const parseApiKey = (value: string): string => parse(apiKeySchema, value, 'the API key');
