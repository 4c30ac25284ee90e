import {
  actResultSchema,
  adminJobDetailSchema,
  adminJobPageSchema,
  adminJobSchema,
  auditPageSchema,
  deliveryPageSchema,
  keysSchema,
  overviewSchema,
  poolsSchema,
  tenantPageSchema,
  tenantViewSchema,
  usageViewSchema,
  endpointPageSchema,
  workerSchema,
  workersSchema,
} from '@afterimage/admin-schemas';
import {
  apiKeySchema,
  jobEventId,
  deliveryId,
  newApiKeySchema,
  problemSchema,
  webhookDeliverySchema,
} from '@afterimage/job-schemas';
import {
  aCreateJobBody,
  aDelivery,
  aJobRecord,
  aTenant,
  aWebhookEndpoint,
  aWorkerRecord,
  anId,
} from '@afterimage/testing';
import { type EmbeddedAws, startEmbeddedAws } from '@afterimage/testing/embedded-aws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConsole, type Console, REASON, REQUEST_TRACE } from './a-console.ts';

let aws: EmbeddedAws;
let admin: Console;

beforeAll(async () => {
  aws = await startEmbeddedAws();
  admin = await aConsole(aws);
  await admin.tenants.create(aTenant({ tenantId: 'tenant-1' }));
});
afterAll(() => aws.stop());

async function lastAct() {
  const { data } = await admin.call('GET /audit', auditPageSchema, '/audit?limit=1');
  return data[0];
}

async function submit() {
  return admin.call('POST /jobs', adminJobSchema, '/jobs', {
    tenantId: 'tenant-1',
    job: aCreateJobBody(),
    reason: REASON,
  });
}

describe('jobs', () => {
  it('are submitted for a tenant, in whose list they are', async () => {
    const job = await submit();

    expect(job).toMatchObject({ tenantId: 'tenant-1', status: 'queued', pool: 'local', isPublished: false });
    const { data } = await admin.call('GET /jobs', adminJobPageSchema, '/jobs?tenantId=tenant-1&limit=1');
    expect(data.map(({ id }) => id)).toEqual([job.id]);
    const act = await lastAct();
    expect(act).toMatchObject({ action: 'job.submit', outcome: 'done', after: { jobId: job.id } });
    expect(JSON.stringify(act)).not.toContain('lighthouse');
  });

  it('go on in the trace of the request that they come of, in bulk too', async () => {
    const { id } = await submit();
    await admin.call('POST /jobs/:id/cancel', adminJobSchema, `/jobs/${id}/cancel`, { reason: REASON });
    const retried = await admin.call('POST /jobs/:id/retry', adminJobSchema, `/jobs/${id}/retry`, { reason: REASON });
    await admin.call('POST /jobs/bulk', actResultSchema, '/jobs/bulk', { action: 'retry', ids: [id], reason: REASON });

    const { data } = await admin.call('GET /jobs', adminJobPageSchema, '/jobs?tenantId=tenant-1&limit=2');
    const ids = data.map((job) => job.id);
    expect(ids).toContain(retried.id);
    for (const each of [id, ...ids]) expect(await admin.jobs.get(each)).toMatchObject({ traceparent: REQUEST_TRACE });
  });

  it('count for the tenant’s quota', async () => {
    await admin.tenants.create(aTenant({ tenantId: 'small', quotas: { queuedJobs: 1 } }));
    const body = { tenantId: 'small', job: aCreateJobBody(), reason: REASON };
    await admin.call('POST /jobs', adminJobSchema, '/jobs', body);

    const refused = await admin.send('POST /jobs', '/jobs', body);

    expect(problemSchema.parse(await refused.json()).code).toBe('queue-full');
    expect(await lastAct()).toMatchObject({ outcome: 'refused', after: { code: 'queue-full' } });
  });

  it('are not submitted for a tenant that there is not', async () => {
    const response = await admin.send('POST /jobs', '/jobs', {
      tenantId: 'nobody',
      job: aCreateJobBody(),
      reason: REASON,
    });

    expect(problemSchema.parse(await response.json()).errors).toMatchObject([{ pointer: '#/tenantId' }]);
  });

  it('are canceled, retried and erased', async () => {
    const { id } = await submit();

    const canceled = await admin.call('POST /jobs/:id/cancel', adminJobSchema, `/jobs/${id}/cancel`, {
      reason: REASON,
    });
    expect(canceled.status).toBe('canceled');
    expect(await lastAct()).toMatchObject({ before: { status: 'queued' }, after: { status: 'canceled' } });

    const retried = await admin.call('POST /jobs/:id/retry', adminJobSchema, `/jobs/${id}/retry`, { reason: REASON });
    expect(await admin.jobs.get(retried.id)).toMatchObject({ status: 'queued', retryOf: id });

    const erased = await admin.call('POST /jobs/:id/erase', adminJobSchema, `/jobs/${id}/erase`, { reason: REASON });
    expect(erased.erasedAt).not.toBeNull();
    const running = await admin.send('POST /jobs/:id/erase', `/jobs/${retried.id}/erase`, { reason: REASON });
    expect(problemSchema.parse(await running.json()).code).toBe('job-not-terminal');
  });

  it('are acted on in bulk, one that cannot be does not stop the others', async () => {
    const [first, second] = [await submit(), await submit()];
    const ids = [first.id, anId('job'), second.id];

    const result = await admin.call('POST /jobs/bulk', actResultSchema, '/jobs/bulk', {
      action: 'cancel',
      ids,
      reason: REASON,
    });

    expect(result).toMatchObject({ done: 2, failures: [{ id: ids[1], code: 'not-found' }] });
    expect(await lastAct()).toMatchObject({ count: 2, after: { action: 'cancel', done: [first.id, second.id] } });
  });

  it('show the deliveries of their events to endpoints and to their own webhook', async () => {
    const endpoint = aWebhookEndpoint();
    await admin.endpoints.create(endpoint);
    const webhook = { url: 'https://hooks.example.com/own', events: ['job.failed' as const] };
    const { job } = await admin.jobs.create(aJobRecord({ status: 'failed', version: 3, webhook }));
    const eventId = jobEventId(job.id, 3);
    const toEndpoint = aDelivery({ id: deliveryId(eventId, endpoint.id), endpointId: endpoint.id, subject: job.id });
    const toUrl = aDelivery({ id: deliveryId(eventId, webhook.url), endpointId: null, subject: job.id });
    for (const delivery of [toEndpoint, toUrl, aDelivery()]) await admin.deliveries.create(delivery);

    const { data } = await admin.call('GET /jobs/:id/deliveries', deliveryPageSchema, `/jobs/${job.id}/deliveries`);

    expect(new Set(data.map(({ id }) => id))).toEqual(new Set([toEndpoint.id, toUrl.id]));
    const detail = await admin.call('GET /jobs/:id', adminJobDetailSchema, `/jobs/${job.id}`);
    expect(detail.job.id).toBe(job.id);
  });

  it('are summed up on the overview', async () => {
    const overview = await admin.call('GET /overview', overviewSchema, '/overview');
    expect(overview.jobsByStatus.queued).toBeGreaterThan(0);
  });
});

describe('tenants', () => {
  it('are created, changed and listed, page by page', async () => {
    const given = { id: 'acme', reason: REASON };
    expect(await admin.call('POST /tenants', tenantViewSchema, '/tenants', given)).toMatchObject({ id: 'acme' });
    const taken = await admin.send('POST /tenants', '/tenants', given);
    expect(taken.status).toBe(422);

    const quotas = { queuedJobs: 5 };
    const changed = await admin.call('PATCH /tenants/:id', tenantViewSchema, '/tenants/acme', {
      quotas,
      reason: REASON,
    });
    expect(changed).toMatchObject({ overrides: quotas, quotas: { queuedJobs: 5 } });
    expect(await lastAct()).toMatchObject({ target: 'acme', before: {}, after: quotas });

    const first = await admin.call('GET /tenants', tenantPageSchema, '/tenants?limit=1');
    const second = await admin.call('GET /tenants', tenantPageSchema, `/tenants?limit=1&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(['acme', 'small']);
  });

  it('have usage by day and model', async () => {
    const day = new Date().toISOString().slice(0, 10);
    await admin.usage.record({
      tenantId: 'tenant-1',
      jobId: anId('job'),
      day,
      model: 'sketch-1',
      images: 2,
      engineMs: 1500,
    });

    const { data } = await admin.call('GET /tenants/:id/usage', usageViewSchema, '/tenants/tenant-1/usage');

    expect(data).toEqual([{ day, model: 'sketch-1', jobs: 1, images: 2, engineSeconds: 1.5 }]);
  });

  it('get keys, whose text is shown once and is not in the audit log', async () => {
    const path = '/tenants/tenant-1/keys';
    const body = { name: 'ci', scopes: ['jobs:read'], reason: REASON };
    const created = await admin.call('POST /tenants/:id/keys', newApiKeySchema, path, body);
    const acts = [await lastAct()];
    const rotated = await admin.call(
      'POST /tenants/:id/keys/:keyId/rotate',
      newApiKeySchema,
      `${path}/${created.id}/rotate`,
      { reason: REASON },
    );
    acts.push(await lastAct());
    const revoked = await admin.call(
      'POST /tenants/:id/keys/:keyId/revoke',
      apiKeySchema,
      `${path}/${rotated.id}/revoke`,
      { reason: REASON },
    );

    expect(revoked.revokedAt).not.toBeNull();
    const { data } = await admin.call('GET /tenants/:id/keys', keysSchema, path);
    expect(data).toHaveLength(2);
    expect(acts).toMatchObject([{ after: { id: created.id } }, { after: { id: rotated.id } }]);
    for (const { key } of [created, rotated]) expect(JSON.stringify([acts, data])).not.toContain(key);
  });
});

describe('webhook endpoints', () => {
  it('of every tenant have their success rate, without a secret', async () => {
    const endpoint = aWebhookEndpoint({ tenantId: 'acme', secrets: [{ sealed: 'sealed-secret', expiresAt: null }] });
    await admin.endpoints.create(endpoint);
    for (const status of ['delivered', 'delivered', 'failed', 'pending'] as const) {
      await admin.deliveries.create(aDelivery({ endpointId: endpoint.id, tenantId: 'acme', status }));
    }

    const page = await admin.call('GET /webhook-endpoints', endpointPageSchema, '/webhook-endpoints?limit=1');

    expect(page.data).toMatchObject([{ id: endpoint.id, tenantId: 'acme', successRate: 2 / 3 }]);
    expect(JSON.stringify(page)).not.toContain('sealed-secret');
    const rest = await admin.call(
      'GET /webhook-endpoints',
      endpointPageSchema,
      `/webhook-endpoints?cursor=${page.nextCursor}`,
    );
    expect(rest.data.map(({ tenantId }) => tenantId)).toEqual(['tenant-1']);
  });

  it('get a delivery again, unless they are disabled', async () => {
    const enabled = aWebhookEndpoint();
    const disabled = aWebhookEndpoint({ disabledReason: 'gone', disabledAt: '2026-01-02T03:04:05.678Z' });
    const deliveries = [enabled, disabled].map(({ id }) =>
      aDelivery({ endpointId: id, status: 'failed', dueAt: null }),
    );
    for (const endpoint of [enabled, disabled]) await admin.endpoints.create(endpoint);
    for (const delivery of deliveries) await admin.deliveries.create(delivery);
    const redeliver = (id = '') =>
      admin.send('POST /webhook-deliveries/:id/redeliver', `/webhook-deliveries/${id}/redeliver`, { reason: REASON });

    const again = webhookDeliverySchema.parse(await (await redeliver(deliveries[0]?.id)).json());

    expect(again.status).toBe('pending');
    expect(await lastAct()).toMatchObject({ before: { status: 'failed' }, after: { status: 'pending' } });
    const refused = await redeliver(deliveries[1]?.id);
    expect(problemSchema.parse(await refused.json()).code).toBe('webhook-endpoint-disabled');
    const path = `/webhook-endpoints/${enabled.id}/deliveries`;
    expect((await admin.call('GET /webhook-endpoints/:id/deliveries', deliveryPageSchema, path)).data).toHaveLength(1);
  });
});

describe('workers', () => {
  it('are listed and counted by pool, and drained once', async () => {
    const seenAt = new Date().toISOString();
    await admin.registry.report(
      aWorkerRecord({ workerId: 'w1', seenAt, jobs: [{ jobId: anId('job'), attempt: 1, leaseAgeMs: 1500 }] }),
    );
    await admin.registry.report(aWorkerRecord({ workerId: 'long-gone' }));

    const drained = await admin.call('POST /workers/:id/drain', workerSchema, '/workers/w1/drain', { reason: REASON });

    expect(drained).toMatchObject({ id: 'w1', isDraining: true, leaseAgeSeconds: 2 });
    const { data } = await admin.call('GET /workers', workersSchema, '/workers');
    expect(data).toEqual([drained]);
    const pools = await admin.call('GET /pools', poolsSchema, '/pools');
    expect(pools.data).toMatchObject([{ name: 'local', workers: 1, models: [{ id: 'sketch-1', state: 'warm' }] }]);
    const unknown = await admin.send('POST /workers/:id/drain', '/workers/w2/drain', { reason: REASON });
    expect(unknown.status).toBe(404);
  });
});
