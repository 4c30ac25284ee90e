import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { overflowOf, violationsOf } from '../src/console/accessibility.ts';
import { startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';

const executable = findChromium();

describe.skipIf(executable === undefined)("the operators' console", () => {
  let console: TestConsole;
  let ended: string;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '');
    const { client } = console.test;
    ended = (await client.terminal((await client.submit()).id)).id;
  });
  afterAll(() => console?.stop());
  afterEach(() => console.checkComplaints());

  it('asks for the reason in a dialog that everybody can use', async () => {
    const page = await openPage(console, `/jobs/${ended}`);
    await page.getByRole('button', { name: 'Erase job' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('ab');
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Erase job' }).isDisabled()).toBe(true);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 360]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 800 });
        expect({ violations: await violationsOf(page), overflow: await overflowOf(page) }).toEqual({
          violations: [],
          overflow: 0,
        });
      }
    }
  });

  it('has its menu behind a button on a narrow screen', async () => {
    const page = await openPage(console, '/', { width: 360, colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it.each([
    ['/jobs/job_00000000000000000000000000', 'job_00000000000000000000000000'],
    ['/tenants/nobody', 'nobody'],
    ['/nowhere', 'There is no such view.'],
  ])('says what is not there: %s', async (path, words) => {
    const page = await openPage(console, path);
    await page.getByRole('alert').getByText(words).first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    console.forgetAnswers(404);
  });
});
