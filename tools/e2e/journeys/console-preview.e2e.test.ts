import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { aRequest } from '../src/client.ts';
import { keepScreenshot, startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { operate } from '../src/console/operate.ts';

const executable = findChromium();
const WORKER = { HEARTBEAT_INTERVAL_MS: '200', PREVIEW_INTERVAL_MS: '500' };
const SLOW = { prompt: 'a lighthouse on a cliff at sunset', width: 768, height: 512, steps: 100 };
const ENDS_MS = 90_000;

describe.skipIf(executable === undefined)("a running job in the operators' console", () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', { sketchMsPerStep: 120, env: { 'gpu-worker': WORKER } });
  });
  afterAll(() => console?.stop());
  afterEach(() => console.checkComplaints());

  /** Waits until the page shows a picture that has come whole; its width in pixels. */
  async function widthOf(page: Page, name: RegExp, timeout: number): Promise<number> {
    const handle = await page.waitForFunction(
      ({ source }) => {
        const shown = [...document.images].find(({ alt }) => new RegExp(source).test(alt));
        return shown?.complete === true && shown.naturalWidth > 0 ? shown.naturalWidth : false;
      },
      { source: name.source },
      { timeout },
    );
    return Number(await handle.jsonValue());
  }

  it('shows its preview in the playground, and then the picture in its place', async () => {
    const page = await openPage(console, '/playground?model=sketch-1');
    const { tenantId } = console.test.stack;
    await page.getByLabel('Tenant').fill(tenantId);
    await page.getByRole('textbox', { name: 'prompt', exact: true }).fill(SLOW.prompt);
    for (const field of ['width', 'height', 'steps'] as const) {
      await page.getByLabel(field, { exact: true }).fill(String(SLOW[field]));
    }
    const says = `1 job will be submitted for ${tenantId}`;
    await operate(page, { label: 'Submit job', says, reason: 'to see it come' });

    expect(await widthOf(page, /^Preview of job_/, ENDS_MS)).toBeLessThanOrEqual(512);
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
    await keepScreenshot(page, 'playground-preview');

    expect(await widthOf(page, /^Output 0 of job_/, ENDS_MS)).toBe(SLOW.width);
    expect(await page.getByRole('img', { name: /^Preview of/ }).count()).toBe(0);
    await keepScreenshot(page, 'playground-picture');
  });

  it('shows its preview on its own page, and then the picture in its place', async () => {
    const { id } = await console.test.client.submit(aRequest({}, SLOW));
    const page = await openPage(console, `/jobs/${id}`);

    expect(await widthOf(page, new RegExp(`^Preview of ${id}$`), ENDS_MS)).toBeLessThanOrEqual(512);
    await keepScreenshot(page, 'job-preview');

    expect(await widthOf(page, new RegExp(`^Output 0 of ${id}$`), ENDS_MS)).toBe(SLOW.width);
    expect(await page.getByRole('img', { name: /^Preview of/ }).count()).toBe(0);
  });
});
