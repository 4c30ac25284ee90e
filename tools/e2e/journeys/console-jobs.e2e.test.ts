import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { jobSchema } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { aRequest } from '../src/client.ts';
import { startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { auditEntry, operate } from '../src/console/operate.ts';
import { QUICK_WORKER, seed, type Seeds } from '../src/console/seed.ts';

const executable = findChromium();
const LONG = { steps: 150, images: 8 };
const run = promisify(execFile);

describe.skipIf(executable === undefined)("jobs in the operators' console", () => {
  let console: TestConsole;
  let seeds: Seeds;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', { sketchMsPerStep: 20, env: { 'gpu-worker': QUICK_WORKER } });
    seeds = await seed(console.test);
  });
  afterAll(async () => {
    await seeds?.stop();
    await console?.stop();
  });
  afterEach(() => console.checkComplaints());

  const row = (page: Page, id: string) => page.getByRole('row').filter({ hasText: id });
  const promptOf = (page: Page) => page.getByRole('textbox', { name: 'prompt', exact: true });
  const waits = (id: string) => console.test.client.jobWhere(id, 'not ended', ({ status }) => status !== 'succeeded');

  it('are filtered by what stands in the address', async () => {
    const page = await openPage(console, '/jobs');
    await row(page, seeds.succeeded).waitFor();

    await page.getByLabel('State').selectOption('failed');
    await row(page, seeds.failed).waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('failed');
    expect(await row(page, seeds.succeeded).count()).toBe(0);

    await page.reload();
    await row(page, seeds.poisoned).waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('failed');

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Tenant').fill('acme');
    await page.getByRole('button', { name: 'Filter' }).click();
    await waitFor(async () => (await page.getByRole('row').count()) === 2, { what: 'the one job of acme' });
    expect(new URL(page.url()).search).toBe('?tenantId=acme');

    await page.getByLabel('Created after').fill('2099-01-01T00:00');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('No job matches.').waitFor();
    expect(new URL(page.url()).searchParams.get('createdAfter')).toMatch(/^20(98|99)-/);
  });

  it('show as they come, and change as they go', async () => {
    const page = await openPage(console, '/jobs');
    await row(page, seeds.succeeded).waitFor();

    const { id } = await console.test.client.submit();

    await row(page, id).getByText('succeeded').waitFor();
    await row(page, id).getByRole('link').click();
    await page.getByRole('heading', { name: id }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/jobs/${id}`);
  });

  it('are canceled, the selected ones and no others, with a reason', async () => {
    const jobs = await Promise.all([1, 2, 3].map(() => console.test.client.submit(aRequest({}, LONG))));
    const [first = '', second = '', third = ''] = jobs.map(({ id }) => id);
    const page = await openPage(console, '/jobs');
    await page.getByLabel(`Select ${first}`).check();
    await page.getByLabel(`Select ${second}`).check();

    const reason = 'two of them were a mistake';
    await operate(page, { label: 'Cancel 2 jobs', says: '2 jobs will be canceled.', reason });

    await page.getByText('Done to 2 jobs').waitFor();
    for (const id of [first, second]) expect((await console.test.client.terminal(id)).status).toBe('canceled');
    await waits(third);
    expect(await auditEntry(console, reason)).toMatchObject({ action: 'job.bulk', outcome: 'done', count: 2 });
    await console.test.client.call(`/v1/jobs/${third}/cancel`, { method: 'POST' });
    await console.test.client.terminal(third);
  });

  it('are retried, the selected ones, each as a new job', async () => {
    const { client } = console.test;
    const tooLong = aRequest({ policy: { executionTimeoutSeconds: 1, maxAttempts: 1 } }, LONG);
    const jobs = await Promise.all([1, 2].map(() => client.submit(tooLong)));
    const failed = await Promise.all(jobs.map(({ id }) => client.terminal(id)));
    expect(failed.map(({ error }) => error?.code)).toEqual(['execution_timeout', 'execution_timeout']);
    const ids = failed.map(({ id }) => id).toSorted();
    const page = await openPage(console, '/jobs?status=failed');
    for (const id of ids) await page.getByLabel(`Select ${id}`).check();

    const reason = 'there is time for them now';
    await operate(page, { label: 'Retry 2 jobs', says: '2 jobs will be submitted again.', reason });

    await page.getByText('Done to 2 jobs').waitFor();
    const retries = (await client.list('?limit=100')).data.filter(
      ({ retryOf }) => retryOf !== null && ids.includes(retryOf),
    );
    expect(retries.map(({ retryOf }) => retryOf).toSorted()).toEqual(ids);
    const { outcome, count, after } = await auditEntry(console, reason);
    expect({ outcome, count, after }).toMatchObject({ outcome: 'done', count: 2, after: { action: 'retry' } });
    await Promise.all(retries.map(({ id }) => client.terminal(id)));
  });

  it('that nothing could be done to are told of, with why', async () => {
    const { id } = await console.test.client.submit(aRequest({}, LONG));
    const page = await openPage(console, '/jobs');
    await page.getByLabel(`Select ${id}`).check();

    await operate(page, { label: 'Erase 1 job', says: '1 job will be erased with', reason: 'too early for this' });

    const outcome = page.getByRole('status').filter({ hasText: 'Done to 0 jobs, not to 1' });
    await outcome.waitFor();
    expect(await outcome.getByRole('listitem').allTextContents()).toEqual([expect.stringContaining('cancel it first')]);
    await console.test.client.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    await console.test.client.terminal(id);
  });

  it('are canceled, retried and erased one by one', async () => {
    const { id } = await console.test.client.submit(aRequest({}, LONG));
    const page = await openPage(console, `/jobs/${id}`);
    await operate(page, { label: 'Cancel job', says: '1 job will be canceled.', reason: 'stop this one' });
    await page.getByRole('button', { name: 'Retry job' }).waitFor();
    expect((await console.test.client.get(id)).status).toBe('canceled');

    const source = seeds.succeeded;
    await page.goto(new URL(`/jobs/${source}`, console.url).href);
    await operate(page, { label: 'Retry job', says: '1 job will be submitted again', reason: 'once more, please' });
    await page.getByRole('row', { name: `Retry of ${source}` }).waitFor();
    const again = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(await console.test.client.terminal(again)).toMatchObject({ status: 'succeeded', retryOf: source });

    await operate(page, { label: 'Erase job', says: '1 job will be erased', reason: 'the client asked for it' });
    await waitFor(async () => (await console.test.objects(`outputs/local/${again}/`)).length === 0, {
      what: 'no output of the erased job',
    });
    expect(await auditEntry(console, 'the client asked for it')).toMatchObject({
      action: 'job.erase',
      target: again,
      outcome: 'done',
      operator: { name: 'local operator' },
    });
  });

  it('are told of as a command that a shell runs', async () => {
    const page = await openPage(console, `/jobs/${seeds.poisoned}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());

    const { stdout } = await run('/bin/sh', ['-c', command], {
      env: { ...process.env, KEY: console.test.stack.apiKey },
      timeout: 20_000,
    });

    const submitted = jobSchema.parse(JSON.parse(stdout));
    expect(submitted.input).toEqual((await console.test.client.get(seeds.poisoned)).input);
  });

  it('show their deliveries, and send one again', async () => {
    const page = await openPage(console, `/jobs/${seeds.succeeded}`);
    const deliveries = page.getByRole('region', { name: 'Deliveries' });
    await deliveries.getByText('job.succeeded').waitFor();

    await operate(page, { label: 'Redeliver', says: '1 event will be sent again', reason: 'they lost it' });

    expect(await auditEntry(console, 'they lost it')).toMatchObject({ action: 'delivery.redeliver', outcome: 'done' });
    await waitFor(async () => (await deliveries.getByText(/^\d: 204 in/).count()) >= 2, { what: 'another attempt' });
  });

  it('come from the playground, with their progress and picture', async () => {
    const page = await openPage(console, '/playground?model=sketch-1');
    await page.getByLabel('Tenant').fill('acme');
    await promptOf(page).fill('a snowy mountain above a lake');
    await page.getByLabel('steps').fill('120');
    await operate(page, { label: 'Submit job', says: '1 job will be submitted for acme', reason: 'to see a mountain' });

    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    const picture = page.getByRole('img', { name: /^Output 0 of job_/ });
    await picture.waitFor({ timeout: 60_000 });
    expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(
      512,
    );
    expect(await auditEntry(console, 'to see a mountain')).toMatchObject({ action: 'job.submit', outcome: 'done' });
  });

  it('are cloned and edited', async () => {
    const page = await openPage(console, `/jobs/${seeds.succeeded}`);
    await page.getByRole('link', { name: 'Clone and edit' }).click();
    const prompt = promptOf(page);
    await prompt.waitFor();
    expect(await prompt.inputValue()).toBe('a red boat on a calm lake at dawn');

    await prompt.fill('a blue boat on a calm lake at dawn');
    await operate(page, { label: 'Submit job', says: 'submitted for local', reason: 'blue instead of red' });

    const { target } = await auditEntry(console, 'blue instead of red');
    const link = page.getByRole('link', { name: /^job_/ }).first();
    const id = (await link.textContent()) ?? '';
    expect((await console.test.client.get(id)).input).toMatchObject({
      prompt: 'a blue boat on a calm lake at dawn',
      width: 384,
      steps: 12,
    });
    expect(target).not.toBe('');
  });
});
