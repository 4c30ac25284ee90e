import { rawOverridesSchema } from '@afterimage/job-schemas';
import type * as z from 'zod';
import { invalid } from './build-request.ts';

/** @throws EngineError `input_invalid` that names the option */
export function allowedOverrides(value: unknown): z.infer<typeof rawOverridesSchema> {
  const result = rawOverridesSchema.safeParse(value ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
  const what =
    issue?.code === 'unrecognized_keys' ? 'is refused: it is not among the options a job may set' : issue?.message;
  throw invalid(`override_settings.${key ?? ''}: ${what ?? 'is not valid'}`);
}
