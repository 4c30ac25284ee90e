import { EngineError } from '../../engine-error.ts';

/** A model that is not as it must be; another attempt would find it the same. */
export function brokenModel(file: string, what: string, cause?: unknown): EngineError {
  return new EngineError('model_load_failed', `${file}: ${what}`, { isRetryable: false, cause });
}

const OUT_OF_MEMORY = /bad.?alloc|out of memory|failed to allocate|cannot allocate|memory allocation/i;

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError
    ? /array buffer allocation failed|invalid (typed )?array length/i.test(error.message)
    : error instanceof Error && OUT_OF_MEMORY.test(error.message);
}

/** What the runtime throws has no code: it is told by its words, and the file is added. */
export function runtimeError(file: string, error: unknown): EngineError {
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) {
    return new EngineError('out_of_memory', `${file}: the memory is too small for it`, {
      isRetryable: true,
      cause: error,
    });
  }
  return brokenModel(file, message, error);
}
