import { ProblemError } from '@afterimage/job-core';
import type { Authenticate } from './authenticate.ts';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The operator of the local stack, who may do everything. Asked for under any other name than loopback's the console is
 * reached by a page elsewhere whose name was made to lead here, and answers nothing.
 */
export const authenticateLocally: Authenticate = async (headers) => {
  const host = (headers.get('host') ?? '').replace(/:\d+$/, '');
  if (!LOOPBACK_NAMES.has(host)) {
    throw new ProblemError('unauthenticated', { detail: 'the local console answers on loopback only' });
  }
  return { id: 'local', name: 'local operator', role: 'admin' };
};
