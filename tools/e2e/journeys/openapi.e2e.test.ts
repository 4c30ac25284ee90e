import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  batchSchema,
  type Job,
  jobEventTypeSchema,
  newApiKeySchema,
  taskSchema,
  webhookDeliverySchema,
  webhookEndpointWithSecretSchema,
} from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../src/chromium.ts';
import { aRequest } from '../src/client.ts';
import { WORKSPACE_ROOT } from '../src/command.ts';
import { conformanceOf } from '../src/openapi/conformance.ts';
import { operationsOf, readDocument } from '../src/openapi/document.ts';
import { exampleCalls, withId } from '../src/openapi/example-calls.ts';
import { type ApiCall, send } from '../src/openapi/exchange.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';
import { startReceiver } from '../src/webhook-receiver.ts';

const json = JSON.parse(readFileSync(join(WORKSPACE_ROOT, 'docs/openapi.json'), 'utf8'));
const document = readDocument(json);
const operations = operationsOf(document);
const { responseErrors, webhookErrors } = conformanceOf(json);

/** The sketch model with the tasks of all models: the API takes every example, whatever becomes of the job. */
const POOLS = { pools: [{ name: 'local', engine: 'sketch', models: [{ id: 'sketch-1', tasks: taskSchema.options }] }] };

let test: TestStack;
let directory: string;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-openapi-'));
  const poolsFile = join(directory, 'pools.json');
  writeFileSync(poolsFile, JSON.stringify(POOLS));
  test = await startTestStack({ poolsFile });
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver?.stop();
  await test?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function aFinishedJob(): Promise<Job> {
  const { id } = await test.client.submit();
  return test.client.terminal(id);
}

async function aKey(): Promise<string> {
  const body = { name: 'example', scopes: ['jobs:read'] };
  return newApiKeySchema.parse((await test.client.call('/v1/keys', { method: 'POST', body })).json).id;
}

async function anEndpoint(): Promise<string> {
  const body = { url: receiver.url };
  const { json: endpoint } = await test.client.call('/v1/webhook-endpoints', { method: 'POST', body });
  return webhookEndpointWithSecretSchema.parse(endpoint).id;
}

async function aWebhookDelivery(): Promise<string> {
  const tested = await test.client.call(`/v1/webhook-endpoints/${await anEndpoint()}/test`, { method: 'POST' });
  return webhookDeliverySchema.parse(tested.json).id;
}

async function aBatch(): Promise<string> {
  const answer = await test.client.call('/v1/batches', { method: 'POST', body: { items: [aRequest()] } });
  return batchSchema.parse(answer.json).id;
}

/** What the examples name, and how to make one of it. */
const NAMED = [
  { example: String(document.components.parameters['JobId']?.example), make: async () => (await aFinishedJob()).id },
  { example: String(document.components.parameters['BatchId']?.example), make: aBatch },
  { example: String(document.components.parameters['KeyId']?.example), make: aKey },
  { example: String(document.components.parameters['WebhookEndpointId']?.example), make: anEndpoint },
  { example: String(document.components.parameters['WebhookDeliveryId']?.example), make: aWebhookDelivery },
];

/** The call with what there is in place of what the example names. */
async function withNamed(call: ApiCall): Promise<ApiCall> {
  let named = call;
  for (const { example, make } of NAMED) {
    if (JSON.stringify(call).includes(example)) named = withId(named, example, await make());
  }
  return named;
}

describe('the examples of the document', () => {
  it.each(exampleCalls(document))('$name is answered as documented', async ({ operation, call }) => {
    const { headers, ...rest } = await withNamed(call);
    const key = operation.isPublic ? {} : { authorization: `Bearer ${test.stack.apiKey}` };

    const answer = await send(test.stack, operation, { ...rest, headers: { ...key, ...headers } });

    expect(responseErrors(operation, answer)).toEqual([]);
    expect(answer.status >= 400 ? answer.text : '').toBe('');
  });
});

describe('the webhooks of the document', () => {
  it('are what a receiver gets', async () => {
    const receiver = await startReceiver();
    try {
      const events = ['job.queued', 'job.succeeded'];
      await test.client.submit(aRequest({ webhook: { url: receiver.url, events } }));
      await waitFor(() => receiver.received.length === events.length, { timeoutMs: 30_000, what: 'both webhooks' });
      const bodies = receiver.received.map(({ body }) => ({
        body,
        type: jobEventTypeSchema.parse(JSON.parse(body).type),
      }));

      expect(bodies.map(({ type }) => type).toSorted()).toEqual(events);
      expect(bodies.flatMap(({ type, body }) => webhookErrors(type, body))).toEqual([]);
      for (const { headers } of receiver.received) {
        for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) expect(headers[name]).toBeTruthy();
      }
    } finally {
      await receiver.stop();
    }
  });

  it('tell of a batch', async () => {
    const receiver = await startReceiver();
    try {
      const body = { items: [{}], webhook: { url: receiver.url } };
      await test.client.call('/v1/batches', { method: 'POST', body });
      await waitFor(() => receiver.received.length > 0, { timeoutMs: 30_000, what: 'the webhook' });

      expect(receiver.received.flatMap((each) => webhookErrors('batch.completed', each.body))).toEqual([]);
    } finally {
      await receiver.stop();
    }
  });
});

describe('the description that is served', () => {
  it('is the checked-in one, with the address of the deployment', async () => {
    const served = await test.client.call('/v1/openapi.json', { apiKey: null });

    expect(served.status).toBe(200);
    expect(served.json).toEqual({ ...json, servers: [{ url: test.stack.apiUrl }] });
  });

  it('is not sent again to whom has it', async () => {
    const { headers } = await test.client.call('/v1/openapi.json', { apiKey: null });
    const again = { apiKey: null, headers: { 'if-none-match': headers.get('etag') ?? '' } };

    expect((await test.client.call('/v1/openapi.json', again)).status).toBe(304);
  });
});

const executable = findChromium();

describe.skipIf(executable === undefined)('GET /docs in a browser', () => {
  it('shows every operation and webhook, within its policy and without another origin', async () => {
    const browser = await launchChromium(executable ?? '');
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const origins = new Set<string>();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => origins.add(new URL(request.url()).origin));

      const response = await page.goto(new URL('/docs', test.stack.apiUrl).href);
      await page.locator('.opblock').first().waitFor();

      expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
      expect(await page.locator('.opblock').count()).toBe(operations.length + Object.keys(json.webhooks).length);
      expect(complaints).toEqual([]);
      expect([...origins]).toEqual([new URL(test.stack.apiUrl).origin]);
    } finally {
      await browser.close();
    }
  });

  it('sends a request with the key that the reader enters', async () => {
    const browser = await launchChromium(executable ?? '');
    try {
      const page = await browser.newPage();
      await page.goto(new URL('/docs#/Models/listModels', test.stack.apiUrl).href);
      await page.locator('.btn.authorize').click();
      await page.locator('.auth-container input').first().fill(test.stack.apiKey);
      await page.locator('.auth-btn-wrapper .authorize').first().click();
      await page.locator('.btn-done').first().click();
      await page.locator('#operations-Models-listModels .try-out__btn').click();
      await page.locator('#operations-Models-listModels .execute').click();

      const body = page.locator('#operations-Models-listModels .live-responses-table .microlight').first();
      await body.waitFor();

      expect(await body.innerText()).toContain('"sketch-1"');
    } finally {
      await browser.close();
    }
  });
});
