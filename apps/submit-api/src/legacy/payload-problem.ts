import { ProblemError } from '@afterimage/job-core';
import { type FieldError, knownKeysOf, toFieldErrors } from '@afterimage/job-schemas';
import type * as z from 'zod';

/**
 * The guidance answers every wrong payload with 400 and a text that begins so: its clients look at the status and show the
 * text. Here the text is the detail of a problem document, which names each wrong field besides.
 */
export function incorrectPayload(errors: readonly FieldError[]): ProblemError {
  const [first] = errors;
  const where = first?.pointer.replace(/^#\//, '').replaceAll('/', '.') ?? 'the payload';
  const detail = `Incorrect payload structure, ${where} ${first?.detail ?? 'is not valid'}`;
  return new ProblemError('malformed-request', { detail, errors });
}

/** @throws ProblemError `malformed-request` that names each wrong field, its value and its limit */
export function parsePayload<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw incorrectPayload(toFieldErrors(result.error, body, knownKeysOf(schema)));
}

/** The errors of a value that is at `base` (`#/task/content`) in the payload. */
export function errorsAt(base: string, error: z.core.$ZodError, value: unknown): FieldError[] {
  return toFieldErrors(error, value, () => []).map((each) => ({
    ...each,
    pointer: `${base}${each.pointer.slice(1)}`,
  }));
}
