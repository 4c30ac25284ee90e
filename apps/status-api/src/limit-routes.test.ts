import { describe, expect, it } from 'vitest';
import { makePlacesInUse, makeTenantQuotas } from '@afterimage/job-core';
import { tenantLimitsSchema } from '@afterimage/job-schemas';
import {
  aJobRecord,
  aTenant,
  FakeClock,
  InMemoryJobPlaces,
  InMemoryJobStore,
  InMemoryTenantStore,
} from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { makeLimitRoutes } from './limit-routes.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 29_000 };

function setUp() {
  const { now } = new FakeClock();
  const jobs = new InMemoryJobStore([aJobRecord(), aJobRecord(), aJobRecord({ status: 'running' })]);
  const places = new InMemoryJobPlaces(jobs);
  const tenants = new InMemoryTenantStore([aTenant({ tenantId: 'tenant-1', quotas: { queuedJobs: 7 } })]);
  const routes = makeLimitRoutes({
    quotasOfTenant: makeTenantQuotas({ tenants, now }),
    placesInUse: makePlacesInUse({ places, now }),
  });
  return async (tenantId: string) =>
    tenantLimitsSchema.strict().parse((await routes.get(anApiRequest({ tenantId }), CONTEXT)).body);
}

describe('GET /v1/limits', () => {
  it('shows what every request is held to', async () => {
    expect(await setUp()('tenant-1')).toMatchObject({
      bodyBytes: 65_536,
      input: { promptCharacters: 8000, images: { min: 1, max: 8 }, side: { min: 64, max: 2048, multipleOf: 8 } },
      upload: { bytes: 20 * 1024 * 1024, contentTypes: ['image/png', 'image/jpeg', 'image/webp'], days: 7 },
      metadata: { keys: 16, valueCharacters: 500 },
      waitSeconds: { min: 1, max: 25 },
    });
  });

  it('shows the tenant’s own quotas and what its jobs take of them', async () => {
    const get = setUp();

    expect((await get('tenant-1')).quotas).toEqual({
      createPerMinute: { limit: 600 },
      requestsPerMinute: { limit: 3000 },
      queuedJobs: { limit: 7, used: 2 },
      runningJobs: { limit: 20, used: 1 },
    });
    expect((await get('tenant-2')).quotas).toMatchObject({ queuedJobs: { limit: 1000, used: 0 } });
  });
});
