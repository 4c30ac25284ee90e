/** What the environments of most apps have in common. */
import * as z from 'zod';

export const name = z.string().min(1);
export const topicArn = z.string().startsWith('arn:');
export const queueUrl = z.url();
/** Base URL of the public API; a slash at its end is dropped. */
export const apiUrl = z.url().transform((url) => url.replace(/\/+$/, ''));

export const logging = { LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO') };
