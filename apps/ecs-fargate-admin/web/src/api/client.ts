import { ADMIN_BASE } from '@afterimage/admin-schemas';
import type * as z from 'zod';
import { ProblemError, toProblemError } from './problem-error.ts';

const TIMEOUT_MS = 30_000;

type Query = Readonly<Record<string, string | number | undefined>>;

function addressOf(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${ADMIN_BASE}${path}${text === '' ? '' : `?${text}`}`;
}

async function send(address: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, redirect: 'manual' });
  } catch (cause) {
    if (init.signal?.aborted === true && init.signal.reason?.name === 'AbortError') throw cause;
    throw new ProblemError("The console's server cannot be reached.", { status: null, cause });
  }
  if (response.type === 'opaqueredirect') {
    // The session at the load balancer is over: it leads to the page to sign in at, which only the browser itself can open.
    window.location.reload();
    throw new ProblemError('Your sign-in is over: signing in again.', { status: null });
  }
  if (!response.ok) throw await toProblemError(response);
  return response.json();
}

/** Reads from the admin API. @throws ProblemError */
export async function read<T extends z.ZodType>(
  schema: T,
  path: string,
  options: { readonly query?: Query; readonly signal?: AbortSignal } = {},
): Promise<z.infer<T>> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  return schema.parse(await send(addressOf(path, options.query ?? {}), { signal }));
}

/** Does something through the admin API. @throws ProblemError */
export async function act<T extends z.ZodType>(
  schema: T,
  path: string,
  body: unknown,
  method: 'POST' | 'PATCH' = 'POST',
): Promise<z.infer<T>> {
  const answer = await send(`${ADMIN_BASE}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return schema.parse(answer);
}
