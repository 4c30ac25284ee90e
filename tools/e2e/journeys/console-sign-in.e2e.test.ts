import type { Role } from '@afterimage/admin-schemas';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { violationsOf } from '../src/console/accessibility.ts';
import { keepScreenshot, startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { operate } from '../src/console/operate.ts';
import { type SignedIn, type SignIn, startSignIn } from '../src/console/sign-in.ts';

const executable = findChromium();

describe.skipIf(executable === undefined)("the operators' console behind its load balancer", () => {
  let console: TestConsole;
  let signIn: SignIn;

  beforeAll(async () => {
    signIn = await startSignIn();
    console = await startTestConsole(executable ?? '', { env: { 'ecs-fargate-admin': signIn.env } });
  });
  afterAll(async () => {
    await console?.stop();
    signIn?.stop();
  });
  afterEach(() => console.checkComplaints());

  /** The status of an act that is asked for behind the page's back, by who is signed in there. */
  function statusOf(page: Page, path: string): Promise<number> {
    return page.evaluate(async (address) => {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'the page does not offer it' }),
      });
      return response.status;
    }, `/admin/v1${path}`);
  }

  it.each<[Role, readonly string[], Readonly<Record<string, number>>]>([
    ['viewer', ['Copy as curl'], { retry: 403, erase: 403, pause: 403 }],
    ['operator', ['Copy as curl', 'Clone and edit', 'Retry job'], { retry: 201, erase: 403, pause: 200 }],
    ['admin', ['Copy as curl', 'Clone and edit', 'Retry job', 'Erase job'], { retry: 201, erase: 200, pause: 200 }],
  ])('lets a %s do what this role may do, and no more', async (role, acts, statuses) => {
    const { client } = console.test;
    const { id } = await client.terminal((await client.submit()).id);
    const page = await openPage(console, `/jobs/${id}`, { headers: signIn.headers(role) });
    await page.getByText(`${role}@example.com (${role})`).waitFor();
    const offered = page.getByRole('group', { name: 'Acts' }).locator('a, button');
    await offered.first().waitFor();
    expect(await offered.allTextContents()).toEqual(acts);

    expect({
      retry: await statusOf(page, `/jobs/${id}/retry`),
      erase: await statusOf(page, `/jobs/${id}/erase`),
      pause: await statusOf(page, '/queues/local-batch/pause'),
    }).toEqual(statuses);
    await page.goto(new URL('/tenants/local', console.url).href);
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    expect(await page.getByRole('button', { name: 'Create key' }).count()).toBe(role === 'admin' ? 1 : 0);
    expect(await page.getByLabel('Queued jobs').isEnabled()).toBe(role === 'admin');
    console.forgetAnswers(403);
  });

  it('puts who did it into the audit log', async () => {
    const page = await openPage(console, '/queues', { headers: signIn.headers('operator') });
    const queue = 'local-interactive';
    await operate(page, { label: `Pause ${queue}`, says: 'No worker takes a job', reason: 'one thing at a time' });
    await operate(page, { label: `Resume ${queue}`, says: 'take jobs from this queue again', reason: 'enough of it' });
    await page.goto(new URL('/audit', console.url).href);
    await page.getByText('enough of it').waitFor();

    const [last, first] = await page.getByRole('row').filter({ hasText: queue }).allTextContents();
    expect(first).toMatch(/operator@example\.com \(operator\)queue\.pause.*one thing at a time/);
    expect(last).toMatch(/operator@example\.com \(operator\)queue\.resume.*enough of it/);
  });

  it.each<[string, number, () => Partial<SignedIn>, string]>([
    ['is forged', 401, () => signIn.headers('admin', { isForged: true }), 'sign in again'],
    ['is over', 401, () => signIn.headers('admin', { endsInSeconds: -60 }), 'sign in again'],
    ['is not there', 401, () => ({}), 'did not come through the load balancer'],
    ['gives no role', 403, () => signIn.headers('admin', { groups: ['guests'] }), 'none of your groups has a role'],
  ])('refuses its page and its API when the sign-in %s', async (name, status, headers, says) => {
    const page = await openPage(console, '/jobs', { headers: headers() });

    await page.getByText(says).waitFor();
    await keepScreenshot(page, `refused-${name.replaceAll(' ', '-')}`);
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await statusOf(page, '/queues/local-batch/pause')).toBe(status);
    console.forgetAnswers(status);
  });

  it('leads to the sign-in when that is over while the page is open', async () => {
    const page = await openPage(console, '/queues', { headers: signIn.headers('viewer') });
    await page.getByRole('row').filter({ hasText: 'local-batch' }).waitFor();
    await page.route('**/admin/v1/queues', (route) =>
      route.fulfill({ status: 302, headers: { location: 'https://sign-in.example.com/oauth2/authorize' } }),
    );
    await page.route(/\/queues$/, (route) =>
      route.request().isNavigationRequest()
        ? route.fulfill({ contentType: 'text/html', body: '<h1>Who are you?</h1>' })
        : route.fallback(),
    );

    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    expect(console.complaints).toEqual([]);
  });
});
