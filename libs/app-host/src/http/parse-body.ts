import type * as z from 'zod';
import { ProblemError } from '@afterimage/job-core';
import { type FieldError, knownKeysOf, toFieldErrors } from '@afterimage/job-schemas';

/** A 422 with its field errors, counted in the detail. */
export function invalidFields(errors: readonly FieldError[], kind = 'field'): ProblemError {
  const detail = errors.length === 1 ? `1 ${kind} is invalid` : `${errors.length} ${kind}s are invalid`;
  return new ProblemError('validation-failed', { detail, errors });
}

/** @throws ProblemError that names each wrong field, its value and its limit */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidFields(toFieldErrors(result.error, body, knownKeysOf(schema)));
}

/** As `parseBody`, for query parameters and headers: the pointer of an error is the plain name. */
export function parseParameters<T extends z.ZodObject>(
  schema: T,
  values: Readonly<Record<string, string | undefined>>,
  kind: 'query parameter' | 'header',
): z.infer<T> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const errors = toFieldErrors(result.error, values, knownKeysOf(schema));
  throw invalidFields(
    errors.map((error) => ({ ...error, pointer: error.pointer.replace(/^#\//, '') })),
    kind,
  );
}
