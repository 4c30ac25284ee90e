import type { Operator } from '@afterimage/admin-schemas';
import { parseBody, parseParameters } from '@afterimage/app-host/http';
import type * as z from 'zod';

/** A request to the admin API by a known operator who has the role for it. */
export interface AdminRequest {
  readonly operator: Operator;
  /** A parameter of the path, decoded. */
  param(name: string): string;
  /** @throws ProblemError that names each wrong parameter */
  query<T extends z.ZodObject>(schema: T): z.infer<T>;
  /** @throws ProblemError that names each wrong field */
  body<T extends z.ZodType>(schema: T): z.infer<T>;
}

/** What a handler answers: JSON, and what the audit log keeps of an act. */
export interface AdminAnswer {
  readonly status?: 200 | 201 | 202;
  readonly body: unknown;
  /** How many things an act was done to; 1 when left out. */
  readonly count?: number;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type AdminHandler = (request: AdminRequest) => Promise<AdminAnswer>;

export function makeAdminRequest(input: {
  readonly operator: Operator;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}): AdminRequest {
  return {
    operator: input.operator,
    param: (name) => input.params[name] ?? '',
    query: (schema) => parseParameters(schema, input.query, 'query parameter'),
    body: (schema) => parseBody(schema, input.body),
  };
}
