import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { overflowOf, violationsOf } from '../src/console/accessibility.ts';
import { keepScreenshot, startTestConsole, type TestConsole } from '../src/console/console.ts';
import { QUICK_WORKER, seed, type Seeds } from '../src/console/seed.ts';

const executable = findChromium();

interface View {
  readonly name: string;
  readonly path: (seeds: Seeds) => string;
  /** Stands in the view once its data is there. */
  readonly ready: string;
}

const VIEWS: readonly View[] = [
  { name: 'overview', path: () => '/', ready: 'Jobs by state' },
  { name: 'jobs', path: () => '/jobs', ready: 'Select all shown' },
  { name: 'job', path: ({ succeeded }) => `/jobs/${succeeded}`, ready: 'Timeline' },
  { name: 'job that failed', path: ({ failed }) => `/jobs/${failed}`, ready: 'execution_timeout' },
  { name: 'gallery', path: () => '/gallery', ready: 'lighthouse' },
  { name: 'playground', path: () => '/playground', ready: 'Submit job' },
  { name: 'queues', path: () => '/queues', ready: 'local-interactive' },
  { name: 'dead letters', path: () => '/dead-letters', ready: 'Redrive' },
  { name: 'workers', path: () => '/workers', ready: 'local-1' },
  { name: 'pools', path: () => '/pools', ready: 'sketch-1' },
  { name: 'tenants', path: () => '/tenants', ready: 'acme' },
  { name: 'tenant', path: () => '/tenants/acme', ready: 'Usage' },
  { name: 'webhooks', path: () => '/webhooks', ready: 'enabled' },
  { name: 'endpoint', path: ({ endpointId }) => `/webhooks/${endpointId}?tenantId=local`, ready: 'job.succeeded' },
  { name: 'audit', path: () => '/audit', ready: 'Nothing in it is ever changed' },
];

const SCREENS = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 360, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light' },
] as const;

describe.skipIf(executable === undefined)("the operators' console shows", () => {
  let console: TestConsole;
  let seeds: Seeds;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', { sketchMsPerStep: 5, env: { 'gpu-worker': QUICK_WORKER } });
    seeds = await seed(console.test);
    await seeds.leaveDeadLetters();
  });
  afterAll(async () => {
    await seeds?.stop();
    await console?.stop();
  });

  it.each(VIEWS)('$name: legible, accessible, without a complaint', async ({ name, path, ready }) => {
    const page = await console.open(path(seeds));
    await page.getByText(ready).or(page.getByLabel(ready)).first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    for (const { width, colorScheme } of SCREENS) {
      const screen = `${name.replaceAll(' ', '-')}-${width}-${colorScheme}`;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });

      await keepScreenshot(page, screen);
      const found = { screen, violations: await violationsOf(page), overflow: await overflowOf(page) };
      expect(found).toEqual({ screen, violations: [], overflow: 0 });
    }
    console.checkComplaints();
    await page.close();
  });
});
