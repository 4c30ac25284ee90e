import * as z from 'zod';

const SECRET_KEY_BYTES = 32;
const secretKey = z
  .base64()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.byteLength === SECRET_KEY_BYTES, `must be ${SECRET_KEY_BYTES} bytes in base64`);

export const webhookSecrets = {
  /** Keys over the secrets of webhook endpoints, separated by commas: the first one seals, all of them open. */
  WEBHOOK_SECRET_KEYS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.tuple([secretKey], secretKey)),
};
