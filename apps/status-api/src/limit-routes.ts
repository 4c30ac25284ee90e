import type { Route } from '@afterimage/app-host/lambda';
import type { PlacesInUse } from '@afterimage/job-core';
import { TENANT_LIMITS, type TenantLimits, type TenantQuotas } from '@afterimage/job-schemas';

export interface LimitRoutesPorts {
  readonly quotasOfTenant: (tenantId: string) => Promise<TenantQuotas>;
  readonly placesInUse: PlacesInUse;
}

/** `GET /v1/limits`: what requests are held to, and how much of its quotas the tenant uses. */
export function makeLimitRoutes({ quotasOfTenant, placesInUse }: LimitRoutesPorts) {
  const get: Route['handle'] = async (request) => {
    const tenantId = request.tenantId();
    const { createPerMinute, requestsPerMinute, queuedJobs, runningJobs } = await quotasOfTenant(tenantId);
    const [queued, running] = await Promise.all([
      placesInUse({ tenantId, kind: 'queued', limit: queuedJobs }),
      placesInUse({ tenantId, kind: 'running', limit: runningJobs }),
    ]);
    const quotas = {
      createPerMinute: { limit: createPerMinute },
      requestsPerMinute: { limit: requestsPerMinute },
      queuedJobs: { limit: queuedJobs, used: queued },
      runningJobs: { limit: runningJobs, used: running },
    };
    return { status: 200, body: { ...TENANT_LIMITS, quotas } satisfies TenantLimits };
  };

  return { get };
}
