import { type AdminJob, submitForTenantSchema } from '@afterimage/admin-schemas';
import { invalidFields } from '@afterimage/app-host/http';
import type { SubmitCommand, Submitted } from '@afterimage/job-commands';
import type { TenantStore } from '@afterimage/job-core';
import type { JobRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import type { CurrentTrace } from '../trace-requests.ts';

export interface SubmitForTenantPorts {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly submitJob: (command: SubmitCommand) => Promise<Submitted>;
  readonly presentAdminJob: (job: JobRecord) => Promise<AdminJob>;
  readonly currentTrace: CurrentTrace;
}

/** `POST /jobs`: a job as if its tenant had submitted it, in the tenant's queue and within its quotas. */
export function makeSubmitForTenant(ports: SubmitForTenantPorts): AdminHandler {
  const { tenants, submitJob, presentAdminJob, currentTrace } = ports;

  return async function submitForTenant(request) {
    const { tenantId, job: given } = request.body(submitForTenantSchema);
    if ((await tenants.get(tenantId)) === undefined) {
      const detail = `must be a tenant that there is, got "${tenantId}"`;
      throw invalidFields([{ pointer: '#/tenantId', code: 'not_found', detail }]);
    }
    const { job } = await submitJob({
      tenantId,
      path: '/admin/v1/jobs',
      body: given,
      request: given,
      idempotencyKey: undefined,
      traceparent: currentTrace(),
    });
    const { id: jobId, model, task } = job;
    return { status: 201, body: await presentAdminJob(job), after: { jobId, tenantId, model, task } };
  };
}
