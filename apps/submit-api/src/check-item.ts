import { parseBody } from '@afterimage/app-host/lambda';
import { ProblemError } from '@afterimage/job-core';
import {
  type BatchRequest,
  type CreateJob,
  createJobSchema,
  type FieldError,
  LIMITS,
  type Rejection,
} from '@afterimage/job-schemas';

export interface CheckItemPorts {
  /** Checks what a request asks for against the deployment. @returns the pool that serves it */
  readonly poolFor: (request: CreateJob) => string;
  readonly checkReferences: (request: CreateJob, tenantId: string) => Promise<void>;
}

export type CheckedItem =
  | { readonly accepted: BatchRequest; readonly rejected?: undefined }
  | { readonly accepted?: undefined; readonly rejected: Rejection };

/** The errors that fit into what is kept of a rejection: an item can have more than anybody reads. */
function firstErrors(errors: readonly FieldError[]): FieldError[] {
  let bytes = 0;
  return errors.filter((error) => {
    bytes += Buffer.byteLength(JSON.stringify(error));
    return bytes <= LIMITS.batch.itemProblemBytes;
  });
}

function toRejection(index: number, error: unknown): Rejection {
  if (!(error instanceof ProblemError)) throw error;
  const { detail, errors } = error.details;
  return { index, code: error.code, detail, ...(errors === undefined ? {} : { errors: firstErrors(errors) }) };
}

/**
 * Checks one item of a batch as a request for a job of its own. What is wrong with it is its rejection.
 * @throws what is not the item's fault
 */
export function makeCheckItem({ poolFor, checkReferences }: CheckItemPorts) {
  return async function checkItem(tenantId: string, index: number, item: unknown): Promise<CheckedItem> {
    try {
      const bytes = Buffer.byteLength(JSON.stringify(item));
      if (bytes > LIMITS.bodyBytes) {
        const detail = `an item must have at most ${LIMITS.bodyBytes} bytes, got ${bytes}`;
        throw new ProblemError('payload-too-large', { detail });
      }
      const request = parseBody(createJobSchema, item);
      const pool = poolFor(request);
      await checkReferences(request, tenantId);
      return { accepted: { index, pool, request } };
    } catch (error) {
      return { rejected: toRejection(index, error) };
    }
  };
}
