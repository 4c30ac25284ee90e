import { API_ROUTES } from '@afterimage/app-config';
import { problemSchema, tenantLimitsSchema, usageSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRequest, type Client } from '../src/client.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { addTenant } from '../src/tenants.ts';

let test: TestStack;

beforeAll(async () => {
  test = await startTestStack({ workers: 2, sketchMsPerStep: 100 });
});
afterAll(() => test.stop());

async function idOf(client: Client, path: string, body: object): Promise<string> {
  const { status, json } = await client.call(path, { method: 'POST', body });
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(json)}`);
  return String(json['id']);
}

/** One of everything that paths can name, by the part of the path in front of its id. */
async function belongingsOf(client: Client): Promise<Readonly<Record<string, string>>> {
  const endpoint = { url: 'http://127.0.0.1:9/hook', events: ['job.succeeded'] };
  const [jobs, batches, keys, endpoints] = await Promise.all([
    idOf(client, '/v1/jobs', aRequest()),
    idOf(client, '/v1/batches', { items: [aRequest()] }),
    idOf(client, '/v1/keys', { name: 'a key', scopes: ['jobs:read'] }),
    idOf(client, '/v1/webhook-endpoints', endpoint),
  ]);
  await client.terminal(jobs);
  const deliveries = await waitFor(
    async () => {
      const { json } = await client.call(`/v1/webhook-endpoints/${endpoints}/deliveries`);
      const data = json['data'];
      return Array.isArray(data) ? (data[0] as { id: string } | undefined)?.id : undefined;
    },
    { timeoutMs: 20_000, what: 'a delivery' },
  );
  return {
    jobs,
    batches,
    keys,
    outputs: '0',
    'webhook-endpoints': endpoints,
    'webhook-deliveries': deliveries,
  };
}

/** Models are everybody's. */
const OF_TENANTS = API_ROUTES.filter(({ path }) => path.includes('{') && !path.startsWith('/v1/models/'));

describe('tenant B', () => {
  let belongings: Readonly<Record<string, string>>;
  let b: Client;
  let a: Client;

  beforeAll(async () => {
    a = await addTenant(test.stack, 'tenant-a');
    b = await addTenant(test.stack, 'tenant-b');
    belongings = await belongingsOf(a);
  });

  function pathTo(template: string): string {
    const path = template.replaceAll(/([^/]+)\/\{\w+\}/g, (_, owner: string) => {
      const id = belongings[owner];
      if (id === undefined) throw new Error(`this test has no ${owner} to put into ${template}`);
      return `${owner}/${id}`;
    });
    return path.endsWith('/redeliver-failed') ? `${path}?since=2026-01-01T00:00:00.000Z` : path;
  }

  it.each(OF_TENANTS)('is told that there is no $method $path of tenant A', async ({ method, path }) => {
    const options = method === 'GET' || method === 'DELETE' ? { method } : { method, body: {} };

    const { status, json } = await b.call(pathTo(path), options);

    expect({ status, code: problemSchema.parse(json).code }).toEqual({ status: 404, code: 'not-found' });
  });

  it.each(['/v1/jobs', '/v1/keys', '/v1/webhook-endpoints'])('has nothing of tenant A in the list %s', async (path) => {
    const listed = JSON.stringify((await b.call(path)).json);

    expect(listed).toContain('"data"');
    const { outputs: _number, ...named } = belongings;
    for (const id of Object.values(named)) expect(listed).not.toContain(id);
  });

  it('has changed nothing by all that', async () => {
    expect((await a.get(belongings['jobs'] ?? '')).status).toBe('succeeded');
    expect((await a.call(`/v1/keys/${belongings['keys']}`)).json).toMatchObject({ revokedAt: null });
    expect((await a.call(`/v1/webhook-endpoints/${belongings['webhook-endpoints']}`)).status).toBe(200);
  });
});

describe('the rate of a tenant', () => {
  it('ends in 429 with the time of the next request, and leaves the other rate alone', async () => {
    const client = await addTenant(test.stack, 'fast', { createPerMinute: 3 });
    const create = () => client.call('/v1/jobs?dryRun=true', { method: 'POST', body: aRequest() });

    // A window that begins meanwhile lets three more pass.
    const answers = [];
    for (let i = 0; i < 8; i += 1) answers.push(await create());

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"create";q=3;w=60');
    for (const { headers, json } of refused) {
      expect(problemSchema.parse(json)).toMatchObject({ code: 'rate-limited', retryable: true });
      expect(headers.get('ratelimit')).toBe(`"create";r=0;t=${headers.get('retry-after')}`);
    }
    const other = await client.call('/v1/jobs');
    expect(other.status).toBe(200);
    expect(other.headers.get('ratelimit-policy')).toBe('"requests";q=3000;w=60');
  });
});

describe('the running jobs of a tenant', () => {
  it('are as many as it may have, and another tenant does not wait for its backlog', async () => {
    const heavy = await addTenant(test.stack, 'heavy', { runningJobs: 1 });
    const light = await addTenant(test.stack, 'light');
    const backlog = await Promise.all(Array.from({ length: 6 }, () => heavy.submit()));
    const running = async () => (await heavy.list('?status=running')).data.length;
    let most = 0;
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) most = Math.max(most, await running());
    })();

    const quick = await Promise.all(Array.from({ length: 3 }, () => light.submit()));
    await Promise.all(quick.map(({ id }) => light.terminal(id)));

    const waiting = (await heavy.list('?status=queued')).data.length;
    watching.abort();
    await watch;
    expect(most).toBe(1);
    expect(waiting).toBeGreaterThan(1);
    const ended = await Promise.all(backlog.map(({ id }) => heavy.terminal(id, 120_000)));
    expect(ended.map(({ status, attempts }) => [status, attempts.length])).toEqual(backlog.map(() => ['succeeded', 1]));
  });
});

describe('what a tenant used', () => {
  it('is there once its job has succeeded, once', async () => {
    const client = await addTenant(test.stack, 'payer');
    const { id } = await client.submit(aRequest({}, { images: 2 }));
    await client.terminal(id);
    const usage = async () => usageSchema.strict().parse((await client.call('/v1/usage')).json);

    await waitFor(async () => (await usage()).total.jobs > 0, { timeoutMs: 20_000, what: 'the usage' });

    const { total, data } = await usage();
    expect(total).toMatchObject({ jobs: 1, images: 2 });
    expect(total.engineSeconds).toBeGreaterThan(0);
    expect(data).toMatchObject([{ model: 'sketch-1', jobs: 1, images: 2 }]);
  });
});

describe('the queue of a tenant', () => {
  it('is full at its limit: 429, but for a key that was used; and its limits say so', async () => {
    const client = await addTenant(test.stack, 'full', { queuedJobs: 2, runningJobs: 1 });
    const slow = aRequest({}, { steps: 100 });
    await client.jobWhere((await client.submit(slow)).id, 'running', ({ status }) => status === 'running');
    const create = (key: string) =>
      client.call('/v1/jobs', { method: 'POST', body: slow, headers: { 'idempotency-key': key } });
    const first = await create('key-1');
    await create('key-2');

    const refused = await create('key-3');

    expect(refused).toMatchObject({ status: 429, json: { code: 'queue-full' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await create('key-1')).toMatchObject({ status: 202, json: { id: first.json['id'] } });
    const { quotas } = tenantLimitsSchema.strict().parse((await client.call('/v1/limits')).json);
    expect(quotas).toMatchObject({ queuedJobs: { limit: 2 }, runningJobs: { limit: 1, used: 1 } });

    await client.call(`/v1/jobs/${String(first.json['id'])}/cancel`, { method: 'POST' });
    await waitFor(async () => (await create('key-3')).status === 202, { timeoutMs: 15_000, what: 'a place' });
  });
});
