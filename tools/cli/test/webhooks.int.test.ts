import { toProblem } from '@afterimage/job-schemas';
import {
  aShownDelivery,
  aShownEndpoint,
  DELIVERY_ID,
  ENDPOINT_ID,
  type FakeApi,
  startFakeApi,
} from '@afterimage/testing/fake-api';
import { waitFor } from '@afterimage/testing';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lines, run } from './run.ts';

const ENDPOINTS = '/v1/webhook-endpoints';
const PATH = `${ENDPOINTS}/${ENDPOINT_ID}`;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const endpoint = aShownEndpoint();
const withSecret = { ...endpoint, secret: SECRET };

async function anApi(): Promise<FakeApi> {
  const api = await startFakeApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  return api;
}

describe('webhooks endpoints', () => {
  test('create prints the secret, once', async () => {
    const api = await anApi();
    api.on(`POST ${ENDPOINTS}`, { status: 201, body: withSecret });
    const args = ['webhooks', 'endpoints', 'create', endpoint.url, '--event', 'job.failed', '--event', 'job.succeeded'];

    const result = await run([...args, '--description', 'd'], { apiUrl: api.url });

    expect(lines(result)).toEqual([withSecret]);
    expect(result.stderr).toContain('not shown again');
    expect(JSON.parse(api.requestsTo(`POST ${ENDPOINTS}`)[0]?.body ?? '')).toEqual({
      url: endpoint.url,
      events: ['job.failed', 'job.succeeded'],
      description: 'd',
    });
  });

  test('create knows the events', async () => {
    const api = await anApi();
    const result = await run(['webhooks', 'endpoints', 'create', endpoint.url, '--event', 'job.done'], {
      apiUrl: api.url,
    });

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('must be one of job.queued');
  });

  test('ls is a table on a terminal and a line an endpoint elsewhere', async () => {
    const api = await anApi();
    const disabled = aShownEndpoint({ enabled: false, disabledReason: 'gone' });
    api.on(`GET ${ENDPOINTS}`, { status: 200, body: { data: [endpoint, disabled], nextCursor: null } });

    const table = await run(['webhooks', 'endpoints', 'ls'], { apiUrl: api.url, isTerminal: true });
    expect(table.stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      'STATE',
      'enabled',
      'disabled (gone)',
      '',
    ]);
    expect(lines(await run(['webhooks', 'endpoints', 'ls'], { apiUrl: api.url }))).toEqual([endpoint, disabled]);
  });

  test('update changes what is given alone', async () => {
    const api = await anApi();
    api.on(`PATCH ${PATH}`, { status: 200, body: endpoint });
    const update = (...args: string[]) =>
      run(['webhooks', 'endpoints', 'update', ENDPOINT_ID, ...args], { apiUrl: api.url });

    expect(lines(await update('--event', 'job.failed', '--description', ''))).toEqual([endpoint]);
    expect((await update('--url', 'https://other.example/hook')).exitCode).toBe(0);
    expect(await update()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nothing to change') });

    expect(api.requestsTo(`PATCH ${PATH}`).map(({ body }) => JSON.parse(body))).toEqual([
      { events: ['job.failed'], description: '' },
      { url: 'https://other.example/hook' },
    ]);
  });

  test('get, disable, rotate and rm', async () => {
    const api = await anApi();
    api.on(`GET ${PATH}`, { status: 200, body: endpoint });
    api.on(`PATCH ${PATH}`, { status: 200, body: { ...endpoint, enabled: false } });
    api.on(`POST ${PATH}/rotate-secret`, { status: 200, body: withSecret });
    api.on(`DELETE ${PATH}`, { status: 200 });
    const of = (command: string) => run(['webhooks', 'endpoints', command, ENDPOINT_ID], { apiUrl: api.url });

    expect(lines(await of('get'))).toEqual([endpoint]);
    expect((await of('disable')).stdout).toBe(`${ENDPOINT_ID} disabled\n`);
    expect(lines(await of('rotate'))).toEqual([withSecret]);
    expect((await of('rm')).stdout).toBe(`${ENDPOINT_ID} deleted\n`);
  });

  test.each([
    ['delivered', 0],
    ['failed', 1],
    ['pending', 1],
  ] as const)('a test that is %s exits with %i', async (status, exitCode) => {
    const api = await anApi();
    api.on(`POST ${PATH}/test`, { status: 200, body: aShownDelivery({ status }) });

    const result = await run(['webhooks', 'endpoints', 'test', ENDPOINT_ID], { apiUrl: api.url });

    expect(result.exitCode).toBe(exitCode);
    expect(lines(result)).toMatchObject([{ id: DELIVERY_ID, status }]);
  });
});

describe('webhooks deliveries', () => {
  test('ls shows the last answer', async () => {
    const api = await anApi();
    const body = { data: [aShownDelivery()], nextCursor: null };
    api.on(`GET ${PATH}/deliveries?limit=20&status=delivered`, { status: 200, body });
    const args = ['webhooks', 'deliveries', 'ls', ENDPOINT_ID, '--status', 'delivered'];

    expect((await run(args, { apiUrl: api.url, isTerminal: true })).stdout).toMatch(/delivered .* 204\n$/);
    expect(lines(await run(args, { apiUrl: api.url }))).toEqual([aShownDelivery()]);
  });

  test('redeliver takes one, or those that failed', async () => {
    const api = await anApi();
    api.on(`POST /v1/webhook-deliveries/${DELIVERY_ID}/redeliver`, { status: 202, body: aShownDelivery() });
    const answer = (redelivered: number) => ({ status: 202, body: { redelivered, hasMore: false, nextCursor: null } });
    api.on(`POST ${PATH}/redeliver-failed?since=2026-01-02T00%3A00%3A00Z`, answer(3), answer(1));
    const redeliver = (...args: string[]) => run(['webhooks', 'deliveries', 'redeliver', ...args], { apiUrl: api.url });

    expect((await redeliver(DELIVERY_ID)).exitCode).toBe(0);
    const some = await redeliver('--endpoint', ENDPOINT_ID, '--failed-since', '2026-01-02T00:00:00Z');
    expect(some.stdout).toBe('3 deliveries are on their way again\n');
    const one = await redeliver('--endpoint', ENDPOINT_ID, '--failed-since', '2026-01-02T00:00:00Z');
    expect(one.stdout).toBe('1 delivery is on its way again\n');
    expect(await redeliver('--endpoint', ENDPOINT_ID)).toMatchObject({ exitCode: 2 });
  });
});

describe('webhooks listen', () => {
  /** The command with an API and a receiver; `deliver` is what the notifier does. */
  async function aListener(receiverStatus: number | 'drop') {
    const [api, receiver] = [await anApi(), await anApi()];
    api.on(`POST ${ENDPOINTS}`, { status: 201, body: withSecret });
    api.on(`DELETE ${PATH}`, { status: 200 });
    receiver.on('POST /hook', receiverStatus === 'drop' ? 'drop' : { status: receiverStatus });
    const interruption = new AbortController();
    const listening = run(['webhooks', 'listen', '--forward-to', `${receiver.url}/hook`], {
      apiUrl: api.url,
      interruption,
    });
    const [created] = await waitFor(() => {
      const requests = api.requestsTo(`POST ${ENDPOINTS}`);
      return requests.length > 0 && requests;
    });
    const { url }: { readonly url: string } = JSON.parse(created?.body ?? '');
    const deliver = async (secret: string) => {
      const body = JSON.stringify({
        type: 'webhook.test',
        timestamp: new Date().toISOString(),
        data: { endpointId: ENDPOINT_ID },
      });
      const sentAt = new Date();
      const headers = {
        'content-type': 'application/json',
        'webhook-id': 'evt_1',
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('evt_1', sentAt, body),
      };
      const answer = await fetch(url, { method: 'POST', headers, body });
      return { status: answer.status, body, headers };
    };
    const end = async () => {
      interruption.abort();
      return listening;
    };
    return { api, receiver, deliver, end };
  }

  test('passes on what is signed, as it is, and answers what the receiver answers', async () => {
    const { api, receiver, deliver, end } = await aListener(503);

    const { status, body, headers } = await deliver(SECRET);
    const result = await end();

    expect(status).toBe(503);
    expect(receiver.requestsTo('POST /hook')).toMatchObject([{ body, headers }]);
    expect(lines(result)).toEqual([
      { event: 'webhook', id: 'evt_1', type: 'webhook.test', subject: ENDPOINT_ID, status: 503 },
    ]);
    expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(SECRET) });
    expect(api.requestsTo(`DELETE ${PATH}`)).toHaveLength(1);
  });

  test('passes on nothing that is forged', async () => {
    const { receiver, deliver, end } = await aListener(200);

    const { status } = await deliver('whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD');

    expect(status).toBe(401);
    expect((await end()).stderr).toContain('no signature is right');
    expect(receiver.requests).toEqual([]);
  });

  test('answers 502 for a receiver that is not there', async () => {
    const { deliver, end } = await aListener('drop');

    expect((await deliver(SECRET)).status).toBe(502);
    await end();
  });

  test('says where it works when the API does not deliver to this machine', async () => {
    const api = await anApi();
    const where = { instance: ENDPOINTS, requestId: 'r-1' };
    api.on(`POST ${ENDPOINTS}`, { status: 422, body: toProblem('validation-failed', { detail: 'x' }, where) });

    const result = await run(['webhooks', 'listen', '--forward-to', 'http://localhost:3000/'], { apiUrl: api.url });

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('works with the local stack');
  });
});
