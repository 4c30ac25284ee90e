import type { ProblemCode } from '@afterimage/job-schemas';
import type * as z from 'zod';
import type { JsonObject } from './json.ts';
import type { HeaderName, ParameterName } from './parameters.ts';

export const TAGS = {
  Jobs: 'Requests for images, and what becomes of them.',
  Batches: 'Many jobs in one request.',
  Uploads: 'Images that jobs start from.',
  Webhooks: 'Who is told of events, and what came of it.',
  Models: 'What can be asked for.',
  Keys: 'What clients authenticate with.',
  legacy: 'The API of the AWS guidance, for its clients.',
  Service: 'The API itself.',
} as const;

/** An answer that is not a problem. */
export interface Success {
  readonly description: string;
  readonly headers?: readonly HeaderName[];
  /** Of an answer in JSON. */
  readonly json?: { readonly schema: z.ZodType; readonly examples: JsonObject };
  /** Of an answer in another media type. */
  readonly content?: { readonly type: string; readonly schema: JsonObject; readonly example?: string };
}

type SuccessStatus = 200 | 201 | 202 | 204 | 207 | 302 | 304;

/** One route of the API as clients read of it. Path parameters come from the route. */
export interface Operation {
  readonly operationId: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly ParameterName[];
  /** The examples are requests that the local stack answers with a success. */
  readonly request?: {
    readonly schema: z.ZodType;
    readonly isOptional?: boolean;
    readonly examples: JsonObject;
  };
  readonly responses: Readonly<Partial<Record<SuccessStatus, Success>>>;
  /** Beside those that every operation can answer with. */
  readonly problems: readonly ProblemCode[];
}
