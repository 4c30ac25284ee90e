import * as z from 'zod';
import { operatorSchema } from './audit.ts';

/** Who is signed in, and where the console runs. */
export const sessionSchema = z.object({
  operator: operatorSchema,
  /** `local` for the local stack, else the stage that was deployed. */
  stage: z.string(),
  /** Base URL of the public API. */
  apiUrl: z.string(),
  version: z.string(),
  /**
   * Where an operator finds more, with `{traceId}`, `{jobId}` and `{ageSeconds}`, since the job was created, to be filled in; null
   * where there is nothing.
   */
  links: z.object({ trace: z.string().nullable(), logs: z.string().nullable() }),
  /** The command that prints what was logged about the job `{jobId}`; null where the logs have a link. */
  logsCommand: z.string().nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
