import * as z from 'zod';

/** The environment does not fit the schema; the message names each variable, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses the environment of a process. Variables that the schema does not know are left out.
 * @throws ConfigError that names every missing or wrong variable
 */
export function loadConfig<T extends z.ZodObject>(
  schema: T,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<T> {
  // It is parsed once: a function made for the schema would cost more than it saves.
  const result = schema.safeParse(env, { jitless: true });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const variable = String(issue.path[0] ?? '(environment)');
    // A relation between variables can be broken by one that is not set and has its default.
    const isMissing = issue.code !== 'custom' && env[variable] === undefined;
    return `${variable} ${isMissing ? 'is not set' : `is wrong: ${issue.message}`}`;
  });
  throw new ConfigError(`the environment is not complete: ${problems.join('; ')}`);
}

/** A whole number in an environment variable. An empty variable is an error, not zero. */
export function numberFrom(range: { readonly min: number; readonly max: number; readonly default: number }) {
  return z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(range.min).max(range.max))
    .default(range.default);
}
