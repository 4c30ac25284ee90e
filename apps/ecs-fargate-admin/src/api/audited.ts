import { type AdminRoute, actSchema, type AuditEntry } from '@afterimage/admin-schemas';
import { toProblemError } from '@afterimage/app-host/http';
import type { Clock } from '@afterimage/job-core';
import { PROBLEMS } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AdminAnswer, AdminHandler, AdminRequest } from './admin-request.ts';

export interface AuditedPorts {
  readonly audit: Pick<AuditLog, 'begin' | 'end'>;
  readonly newId: () => string;
  readonly now: Clock;
  readonly log: Log;
}

type Result = Pick<AuditEntry, 'outcome' | 'count' | 'before' | 'after'>;

/** A refusal is for the operator to mend; with these and what is above them it is for the system. */
const FIRST_FAILURE_STATUS = 500;

/** What the path names: the id of the job, or the tenant's and then the key's. */
function targetOf(path: string, request: AdminRequest): string {
  const names = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name);
  return names.length === 0 ? path : names.map((name) => request.param(name)).join('/');
}

function resultOf(answer: AdminAnswer): Result {
  const { count = 1, before = null, after = null } = answer;
  return { outcome: 'done', count, before, after };
}

function resultOfError(error: unknown): Result {
  const { code } = toProblemError(error);
  const outcome = PROBLEMS[code].status >= FIRST_FAILURE_STATUS ? 'failed' : 'refused';
  return { outcome, count: 0, before: null, after: { code } };
}

/**
 * Puts every act of a route into the audit log, with its reason: before it begins, so that nothing is done of which nobody
 * knows, and when it is over. Without a reason it does not begin.
 */
export function makeAudited({ audit, newId, now, log }: AuditedPorts) {
  return function audited({ path }: AdminRoute, action: string, handle: AdminHandler): AdminHandler {
    return async (request) => {
      const { reason } = request.body(actSchema.loose());
      const begun: AuditEntry = {
        id: newId(),
        at: now().toISOString(),
        operator: request.operator,
        action,
        target: targetOf(path, request),
        reason,
        outcome: 'begun',
        count: null,
        before: null,
        after: null,
      };
      await audit.begin(begun);
      let result: Result = { outcome: 'failed', count: null, before: null, after: null };
      try {
        const answer = await handle(request);
        result = resultOf(answer);
        return answer;
      } catch (error) {
        result = resultOfError(error);
        throw error;
      } finally {
        // What cannot be added leaves the entry as it was begun.
        await audit.end({ ...begun, ...result }).catch((error: unknown) => {
          log.error('the end of an act is not in the audit log', { auditId: begun.id, action, error });
        });
      }
    };
  };
}
