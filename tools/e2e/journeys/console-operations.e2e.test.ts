import { queuesSchema } from '@afterimage/admin-schemas';
import { waitFor } from '@afterimage/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { Client } from '../src/client.ts';
import { startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { auditEntry, operate } from '../src/console/operate.ts';
import { QUICK_WORKER, seed, type Seeds } from '../src/console/seed.ts';

const executable = findChromium();
const QUEUE = 'local-interactive';

describe.skipIf(executable === undefined)("the service in the operators' console", () => {
  let console: TestConsole;
  let seeds: Seeds;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', { env: { 'gpu-worker': QUICK_WORKER } });
    seeds = await seed(console.test);
    await seeds.leaveDeadLetters();
  });
  afterAll(async () => {
    await seeds?.stop();
    await console?.stop();
  });
  afterEach(() => console.checkComplaints());

  async function read(path: string): Promise<unknown> {
    const response = await fetch(new URL(`/admin/v1${path}`, console.url), { signal: AbortSignal.timeout(10_000) });
    return response.json();
  }

  async function queue() {
    return queuesSchema.parse(await read('/queues')).data.find(({ name }) => name === QUEUE);
  }

  const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

  it('has queues that are paused, purged and resumed', async () => {
    const page = await openPage(console, '/queues');
    await operate(page, { label: `Pause ${QUEUE}`, says: 'No worker takes a job', reason: 'the model is broken' });
    await row(page, QUEUE).getByText('paused').waitFor();
    expect(await auditEntry(console, 'the model is broken')).toMatchObject({ action: 'queue.pause', target: QUEUE });

    // Workers know of it within five seconds, and finish what they have.
    const jobs: string[] = [];
    const waiting = await waitFor(
      async () => {
        jobs.push((await console.test.client.submit()).id);
        const visible = (await queue())?.visible ?? 0;
        return visible >= 2 ? visible : undefined;
      },
      { what: 'jobs that wait', timeoutMs: 20_000, intervalMs: 500 },
    );
    await row(page, QUEUE)
      .getByRole('cell', { name: String(waiting), exact: true })
      .first()
      .waitFor();
    await operate(page, {
      label: `Purge ${QUEUE}`,
      says: `${waiting} messages that wait in this queue will be dropped`,
      reason: 'a flood by mistake',
    });
    expect(await auditEntry(console, 'a flood by mistake')).toMatchObject({ action: 'queue.purge', count: waiting });
    const ended = await Promise.all(jobs.map((id) => console.test.client.terminal(id)));
    expect(ended.filter(({ status }) => status === 'canceled')).toHaveLength(waiting);

    await operate(page, { label: `Resume ${QUEUE}`, says: 'take jobs from this queue again', reason: 'it is mended' });
    expect((await console.test.client.terminal((await console.test.client.submit()).id)).status).toBe('succeeded');
  });

  it('has dead letters that are discarded, and redriven', async () => {
    const page = await openPage(console, '/dead-letters');
    await page.getByRole('link', { name: seeds.poisoned }).waitFor();
    await row(page, seeds.poisoned).getByRole('button', { name: 'Discard this one' }).waitFor();
    const others = page.getByRole('button', { name: 'Redrive all 2' });
    await others.waitFor();

    await operate(page, { label: 'Discard this one', says: '1 message will be deleted', reason: 'it never was a job' });
    await others.waitFor({ state: 'detached' });
    expect(await auditEntry(console, 'it never was a job')).toMatchObject({ action: 'dead-letters.discard', count: 1 });

    await operate(page, { label: 'Redrive all 1', says: '1 message will go back', reason: 'mended in the queue' });
    await page.getByText('There is none.').waitFor();
    expect(await auditEntry(console, 'mended in the queue')).toMatchObject({
      action: 'dead-letters.redrive',
      count: 1,
    });
    // Its job was failed when it became a dead letter, so that it does not come back: the job is made again.
    const retries = (await console.test.client.list()).data.filter(({ retryOf }) => retryOf !== null);
    expect(seeds.poisons).toEqual(expect.arrayContaining(retries.map(({ retryOf }) => retryOf)));
    expect(retries).toHaveLength(1);
    expect((await console.test.client.terminal(retries[0]?.id ?? '')).status).toBe('succeeded');
  });

  it('has a worker that drains, and another that takes its place', async () => {
    const page = await openPage(console, '/workers');
    await operate(page, {
      label: 'Drain local-1',
      says: '1 worker will finish the job that it has',
      reason: 'new driver',
    });

    expect(await auditEntry(console, 'new driver')).toMatchObject({ action: 'worker.drain', target: 'local-1' });
    await console.test.stack.workers[0]?.whenReady();
    expect((await console.test.client.terminal((await console.test.client.submit()).id)).status).toBe('succeeded');
  });

  it('has models that lead to the playground', async () => {
    const page = await openPage(console, '/pools');
    await page.getByRole('button', { name: 'Settings' }).first().click();
    await page.getByText('"formats"').first().waitFor();
    await page.getByRole('link', { name: 'sketch-1' }).click();
    await page.getByRole('heading', { name: 'Playground' }).waitFor();
    expect(new URL(page.url()).search).toBe('?model=sketch-1');
  });

  it('has pictures of every tenant, and of one', async () => {
    const page = await openPage(console, '/gallery');
    await page.getByText('acme · sketch-1').waitFor();
    await page.getByLabel('Tenant').fill('acme');
    await page.getByRole('button', { name: 'Filter' }).click();
    await waitFor(async () => (await page.getByRole('img').count()) === 1, { what: 'one picture' });
    expect(new URL(page.url()).search).toBe('?tenantId=acme');
    const link = page.getByRole('link', { name: /^Job job_/ });
    const label = (await link.getAttribute('aria-label')) ?? '';
    await link.click();
    await page.getByRole('heading', { name: label.replace('Job ', '') }).waitFor();
  });

  it('has tenants with limits, and keys whose secret shows once', async () => {
    const page = await openPage(console, '/tenants');
    await operate(page, {
      label: 'Create tenant',
      says: '1 tenant will be created',
      reason: 'a new customer',
      fill: (dialog) => dialog.getByLabel('Id').fill('globex'),
    });
    await page.getByRole('heading', { name: 'globex' }).waitFor();

    await page.getByLabel('Queued jobs').fill('7');
    await operate(page, { label: 'Change limits', says: '"queuedJobs":7', reason: 'a small customer' });
    expect(await auditEntry(console, 'a small customer')).toMatchObject({ action: 'tenant.change', target: 'globex' });
    expect(await read('/tenants/globex')).toMatchObject({ quotas: { queuedJobs: 7 }, overrides: { queuedJobs: 7 } });

    await operate(page, {
      label: 'Create key',
      says: '1 key will be created',
      reason: 'their first key',
      fill: (dialog) => dialog.getByLabel('Name').fill('shop'),
    });
    const apiKey = (await page.getByRole('status').locator('code').textContent()) ?? '';
    const theirs = new Client({ apiUrl: console.test.stack.apiUrl, apiKey });
    expect((await theirs.call('/v1/models')).status).toBe(200);
    await page.getByRole('status').filter({ hasText: 'The new key' }).getByRole('button', { name: 'Close' }).click();
    expect(await page.content()).not.toContain(apiKey);
    await page.reload();
    await row(page, 'shop').waitFor();
    expect(await page.content()).not.toContain(apiKey);
    expect(JSON.stringify(await read('/audit?limit=100'))).not.toContain(apiKey);

    await operate(page, { label: 'Rotate shop', says: '1 new key takes its place', reason: 'it leaked' });
    await page.getByText('The new key').waitFor();
    await operate(page, { label: 'Revoke shop', says: '1 key stops working', reason: 'they left' });
    await page.getByText('revoked').first().waitFor();
    expect(await auditEntry(console, 'they left')).toMatchObject({ action: 'key.revoke', outcome: 'done' });
  });

  it('has endpoints with their deliveries', async () => {
    const page = await openPage(console, '/webhooks');
    await page.getByLabel('Tenant').fill('local');
    await page.getByRole('button', { name: 'Filter' }).click();
    await row(page, 'enabled').getByRole('link').click();
    await page.getByRole('heading', { name: seeds.endpointId }).waitFor();
    await row(page, '500').first().waitFor();

    await operate(page, { label: 'Redeliver', says: '1 event will be sent again', reason: 'they were down' });

    expect(await auditEntry(console, 'they were down')).toMatchObject({ action: 'delivery.redeliver' });
  });

  it('has a log of all that was done, to be searched', async () => {
    const page = await openPage(console, '/audit');
    await row(page, 'a new customer').getByText('tenant.create').waitFor();
    await page.getByLabel('Action').fill('queue.purge');
    await page.getByRole('button', { name: 'Filter' }).click();
    await waitFor(async () => (await page.getByRole('row').count()) === 2, { what: 'the one purge' });
    expect(new URL(page.url()).search).toBe('?action=queue.purge');
    await row(page, 'a flood by mistake').getByText('local operator (admin)').waitFor();
  });
});
