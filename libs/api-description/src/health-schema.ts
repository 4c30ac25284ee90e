import * as z from 'zod';

/** Body of `GET /v1/health`. */
export const healthSchema = z.object({ status: z.literal('ok') });
