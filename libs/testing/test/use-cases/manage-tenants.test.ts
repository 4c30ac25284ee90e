import { expect, it } from 'vitest';
import { InMemoryTenantStore } from '../../src/index.ts';
import { makeManageTenants } from '@afterimage/job-core';

function setUp() {
  const tenants = new InMemoryTenantStore();
  return { tenants, manage: makeManageTenants({ tenants, newWebhookSecret: () => 'whsec_bmV3' }) };
}

it('a tenant has the default quotas where it has none of its own, and never shows its secrets', async () => {
  const { tenants, manage } = setUp();

  const created = await manage.create('acme', { queuedJobs: 5 });

  expect(created).toEqual({
    id: 'acme',
    quotas: { createPerMinute: 600, requestsPerMinute: 3000, queuedJobs: 5, runningJobs: 20 },
    overrides: { queuedJobs: 5 },
  });
  expect(await manage.get('acme')).toEqual(created);
  expect(await manage.list({ limit: 10 })).toEqual({ tenants: [created], next: null });
  expect((await tenants.get('acme'))?.webhookSecrets).toEqual(['whsec_bmV3']);
});

it('new quotas take the place of the old ones', async () => {
  const { manage } = setUp();
  await manage.create('acme', { queuedJobs: 5 });

  const changed = await manage.setQuotas('acme', { runningJobs: 2 });

  expect(changed).toMatchObject({ quotas: { queuedJobs: 1000, runningJobs: 2 }, overrides: { runningJobs: 2 } });
  expect(await manage.get('acme')).toEqual(changed);
});

it.each(['', 'Acme', 'a#b', '-a', 'a'.repeat(64)])('the id "%s" is refused', async (id) => {
  await expect(setUp().manage.create(id)).rejects.toMatchObject({ code: 'validation-failed' });
});

it('a tenant that is there is not made again, and one that is not there has no quotas', async () => {
  const { manage } = setUp();
  await manage.create('acme');

  await expect(manage.create('acme')).rejects.toMatchObject({ details: { errors: [{ code: 'taken' }] } });
  await expect(manage.setQuotas('nobody', {})).rejects.toMatchObject({ code: 'not-found' });
  await expect(manage.get('nobody')).rejects.toMatchObject({ code: 'not-found' });
});
