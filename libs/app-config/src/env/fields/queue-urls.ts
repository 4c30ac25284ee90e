import * as z from 'zod';
import { queueUrl } from './names.ts';

export const queueUrls = z
  .string()
  .transform((list) => list.split(',').filter((url) => url !== ''))
  .pipe(z.array(queueUrl));
