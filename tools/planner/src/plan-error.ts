import type * as z from 'zod';

/** What somebody asked for cannot be planned: the message names the field, the value and the limit. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
  readonly code = 'invalid_plan';
  /** More lines, one for each field that is wrong. */
  readonly lines: readonly string[];

  constructor(message: string, options: { readonly lines?: readonly string[]; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.lines = options.lines ?? [];
  }
}

/** Parses JSON of a file by a schema. @throws PlanError that names the file and every wrong field */
export function parseJsonFile<T extends z.ZodType>(schema: T, json: string, file: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new PlanError(`${file} is not JSON`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PlanError(`${file} is wrong`, { lines: issueLines(result.error) });
}

/** One line for each issue: field, and what it must be. */
export function issueLines(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.') || '(all of it)'}: ${message}`);
}
