/** What is wrong with one field of a request. */
export interface FieldError {
  /** JSON pointer into the body (`#/input/width`), or the name of a header or query parameter. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** A problem document (RFC 9457). Codes that this release does not know are possible. */
export interface Problem {
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  /** The job that the problem is about. */
  readonly jobId?: string | undefined;
  /** The batch that the problem is about. */
  readonly batchId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFieldError(value: unknown): value is FieldError {
  return isObject(value) && [value.pointer, value.code, value.detail].every((field) => typeof field === 'string');
}

/** @returns undefined when the text is no problem document: something before the API may have answered */
export function parseProblem(text: string): Problem | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { title, code, detail, retryable, requestId, jobId, batchId, errors } = value;
  if (typeof title !== 'string' || typeof code !== 'string' || typeof detail !== 'string') return undefined;
  return {
    title,
    code,
    detail,
    ...(typeof retryable === 'boolean' ? { retryable } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(typeof jobId === 'string' ? { jobId } : {}),
    ...(typeof batchId === 'string' ? { batchId } : {}),
    ...(Array.isArray(errors) ? { errors: errors.filter(isFieldError) } : {}),
  };
}
