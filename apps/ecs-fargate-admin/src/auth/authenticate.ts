import type { Operator } from '@afterimage/admin-schemas';

/** Who sends a request, by its headers. @throws ProblemError `unauthenticated` when that is not proved */
export type Authenticate = (headers: Headers) => Promise<Operator>;
