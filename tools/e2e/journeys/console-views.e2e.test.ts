import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { overflowOf, violationsOf } from '../src/console/accessibility.ts';
import { keepScreenshot, startTestConsole, type TestConsole, updatePicture } from '../src/console/console.ts';
import { QUICK_WORKER, seed, type Seeds } from '../src/console/seed.ts';

const executable = findChromium();

interface View {
  readonly name: string;
  readonly path: (seeds: Seeds) => string;
  /** Stands in the view once its data is there. */
  readonly ready: string;
  /** Of the documentation, without its ending. */
  readonly picture?: string;
}

const VIEWS: readonly View[] = [
  { name: 'overview', path: () => '/', ready: '$0.', picture: 'console-overview' },
  { name: 'jobs', path: () => '/jobs', ready: 'Select all shown' },
  { name: 'job', path: ({ succeeded }) => `/jobs/${succeeded}`, ready: 'result-notifier', picture: 'console-job' },
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
  { name: 'audit', path: () => '/audit', ready: 'a batch in the wrong order' },
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
    const env = { 'gpu-worker': QUICK_WORKER, 'ecs-fargate-admin': { POOL_DOLLARS_PER_HOUR: 'local=0.45' } };
    console = await startTestConsole(executable ?? '', { sketchMsPerStep: 5, traces: true, env });
    seeds = await seed(console.test);
    await seeds.leaveDeadLetters();
    for (const verb of ['pause', 'resume']) {
      const response = await fetch(new URL(`/admin/v1/queues/local-batch/${verb}`, console.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'a batch in the wrong order' }),
        signal: AbortSignal.timeout(10_000),
      });
      if (!response.ok) throw new Error(`the queue was not ${verb}d: ${response.status}`);
    }
  });
  afterAll(async () => {
    await seeds?.stop();
    await console?.stop();
  });

  it.each(VIEWS)('$name: legible, accessible, without a complaint', async ({ name, path, ready, picture }) => {
    const page = await console.open(path(seeds));
    await page.getByText(ready).or(page.getByLabel(ready)).first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    if (picture !== undefined) await updatePicture(page, picture);
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
