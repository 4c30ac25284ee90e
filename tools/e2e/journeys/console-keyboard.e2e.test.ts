import { type AdminJobDetail, adminJobDetailSchema } from '@afterimage/admin-schemas';
import type { JobStatus } from '@afterimage/job-schemas';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { aRequest } from '../src/client.ts';
import { startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { auditEntry } from '../src/console/operate.ts';

const executable = findChromium();
const LONG = { steps: 150, images: 8 };
const PATIENCE = { timeout: 60_000 };

describe.skipIf(executable === undefined)("the operators' console by keyboard", () => {
  let console: TestConsole;
  let ended: AdminJobDetail;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', { sketchMsPerStep: 20 });
    const { client } = console.test;
    const { id } = await client.terminal((await client.submit()).id);
    const response = await fetch(new URL(`/admin/v1/jobs/${id}`, console.url), { signal: AbortSignal.timeout(10_000) });
    ended = adminJobDetailSchema.parse(await response.json());
  });
  afterAll(() => console?.stop());
  afterEach(() => console.checkComplaints());

  const focused = (page: Page) =>
    page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement === null || activeElement === document.body) return 'nothing';
      if (activeElement.id === 'main') return 'the view';
      if (activeElement instanceof HTMLTextAreaElement) return activeElement.labels[0]?.textContent;
      return activeElement.getAttribute('aria-label') ?? activeElement.textContent;
    });

  /** Presses Tab until the element with that name has the focus. */
  async function tabTo(page: Page, name: string): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await focused(page)) === name) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to "${name}"`);
  }

  const hasOutline = (page: Page) =>
    page.evaluate(() => {
      if (document.activeElement === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle !== 'none' && outlineWidth !== '0px';
    });

  it('leads to a job, and to its end', async () => {
    const { id } = await console.test.client.submit(aRequest({}, LONG));
    const page = await openPage(console, '/');
    await page.getByText('Jobs by state').waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await tabTo(page, 'Jobs');
    expect(await hasOutline(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByLabel(`Select ${id}`).waitFor();
    await tabTo(page, id);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Cancel job' }).waitFor();

    await tabTo(page, 'Cancel job');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Cancel job' });
    await dialog.getByLabel('Reason').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel job');

    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('typed, not clicked');
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await dialog.getByRole('button', { name: 'Cancel job' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });

    expect((await console.test.client.terminal(id)).status).toBe('canceled');
    expect(await auditEntry(console, 'typed, not clicked')).toMatchObject({ action: 'job.cancel', target: id });
    await page.getByRole('button', { name: 'Retry job' }).waitFor();
    await expect.poll(() => focused(page), PATIENCE).toBe('the view');
  });

  describe('in the view of a job', () => {
    const view = () => `**/admin/v1/jobs/${ended.job.id}`;

    /** A job in the state that was set last, and a request to cancel it that waits until it is told its answer. */
    async function cancelRunning() {
      const set: { status: JobStatus } = { status: 'running' };
      const refusal = Promise.withResolvers<number | null>();
      const job = () => ({ ...ended.job, ...set });
      const page = await openPage(console, '/audit');
      await page.route(view(), (route) => route.fulfill({ json: { ...ended, job: job() } }));
      await page.route(`${view()}/cancel`, async (route) => {
        const status = await refusal.promise;
        await route.fulfill(status === null ? { json: job() } : { status });
      });
      await page.goto(new URL(`/jobs/${ended.job.id}`, console.url).href);
      const dialog = page.getByRole('dialog', { name: 'Cancel job' });
      await page.getByRole('button', { name: 'Cancel job' }).press('Enter');
      await dialog.getByLabel('Reason').fill('a change of mind');
      await dialog.getByRole('button', { name: 'Cancel job' }).press('Enter');
      return {
        page,
        dialog,
        set,
        answer: () => refusal.resolve(null),
        refuse: (status: number) => refusal.resolve(status),
      };
    }

    // One disables the button, the other takes it away.
    describe.each<JobStatus>(['canceling', 'canceled'])('that is %s by now', (status) => {
      it('goes on in the view where its button had the focus again', async () => {
        const { page, dialog, set, answer } = await cancelRunning();
        answer();
        await dialog.waitFor({ state: 'hidden' });
        await expect.poll(() => focused(page), PATIENCE).toBe('Cancel job');

        set.status = status;

        await expect.poll(() => focused(page), PATIENCE).toBe('the view');
      });

      it('goes on in the view where its dialog was still open', async () => {
        const { page, dialog, set, answer } = await cancelRunning();
        set.status = status;
        await page.locator('#main button:enabled', { hasText: 'Cancel job' }).waitFor({ state: 'detached' });

        answer();

        await dialog.waitFor({ state: 'hidden' });
        await expect.poll(() => focused(page), PATIENCE).toBe('the view');
      });
    });

    it('goes on at the reason when an act is refused', async () => {
      const { page, dialog, refuse } = await cancelRunning();

      refuse(409);

      await dialog.getByText('server answered 409').waitFor();
      await expect.poll(() => focused(page), PATIENCE).toMatch('Reason');
      console.forgetAnswers(409);
    });
  });
});
