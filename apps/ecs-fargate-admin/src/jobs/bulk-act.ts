import { type ActResult, type BulkAct, bulkActSchema, mayAct, type Role } from '@afterimage/admin-schemas';
import { toProblemError } from '@afterimage/app-host/http';
import { ProblemError } from '@afterimage/job-core';
import { retryJobSchema } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { JobActs } from './job-acts.ts';

/** The route takes several acts: each asks for the role that it asks for by itself. */
const ROLE_OF: Readonly<Record<BulkAct['action'], Role>> = { cancel: 'operator', retry: 'operator', erase: 'admin' };

/** `POST /jobs/bulk`: one after the other; one that fails does not stop the others. */
export function makeBulkAct(acts: Pick<JobActs, 'cancel' | 'retry' | 'erase'>): AdminHandler {
  const run = {
    cancel: acts.cancel,
    retry: (jobId: string) => acts.retry(jobId, retryJobSchema.parse({})),
    erase: acts.erase,
  } as const satisfies Record<BulkAct['action'], (jobId: string) => Promise<unknown>>;

  return async function bulkAct(request) {
    const { action, ids } = request.body(bulkActSchema);
    const { name, role } = request.operator;
    if (!mayAct(role, ROLE_OF[action])) {
      const detail = `${name} is ${role} here; to ${action} needs the role ${ROLE_OF[action]}`;
      throw new ProblemError('insufficient-scope', { detail });
    }
    const done: string[] = [];
    const failures: ActResult['failures'] = [];
    for (const id of new Set(ids)) {
      try {
        await run[action](id);
        done.push(id);
      } catch (error) {
        const { code, details } = toProblemError(error);
        failures.push({ id, code, detail: details.detail });
      }
    }
    const body: ActResult = { done: done.length, failures };
    return { body, count: done.length, after: { action, done, failures } };
  };
}
