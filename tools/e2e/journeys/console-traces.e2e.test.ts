import type { Job } from '@afterimage/job-schemas';
import { orphansOf } from '@afterimage/telemetry/trace-tree';
import { waitFor } from '@afterimage/testing';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../src/chromium.ts';
import { aRequest } from '../src/client.ts';
import { overflowOf, violationsOf } from '../src/console/accessibility.ts';
import { keepScreenshot, startTestConsole, type TestConsole } from '../src/console/console.ts';
import { openPage } from '../src/console/open-page.ts';
import { operate } from '../src/console/operate.ts';
import { QUICK_WORKER } from '../src/console/seed.ts';
import { spanNames } from '../src/span-names.ts';

const executable = findChromium();
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

/** One row of the table that the page draws. */
interface DrawnSpan {
  readonly name: string;
  readonly service: string;
  readonly after: string;
  readonly took: string;
  /** Where its bar begins, and how long it is, in percent of its cell. */
  readonly startsAt: number;
  readonly width: number;
}

function inPercent(ms: number, wholeMs: number): number {
  return (ms / wholeMs) * 100;
}

describe.skipIf(executable === undefined)("the trace in a job's view", () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await startTestConsole(executable ?? '', {
      traces: true,
      sketchMsPerStep: 50,
      env: { 'gpu-worker': { ...QUICK_WORKER, DRAIN_SECONDS: '0' } },
    });
  });
  afterAll(() => console?.stop());
  afterEach(() => console.checkComplaints());

  const drawn = (page: Page): Promise<DrawnSpan[]> =>
    page
      .getByRole('table', { name: 'Trace' })
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => {
          const [name, service, after, took] = [...row.children].map((cell) => cell.textContent);
          const bar = row.querySelector('[data-bar]');
          const course = bar?.parentElement?.getBoundingClientRect() ?? new DOMRect();
          const { left, width } = bar?.getBoundingClientRect() ?? new DOMRect();
          return {
            name: name ?? '',
            service: service ?? '',
            after: after ?? '',
            took: took ?? '',
            startsAt: ((left - course.left) / course.width) * 100,
            width: (width / course.width) * 100,
          };
        }),
      );

  /** The trace of a job that has ended and what the page draws of it, once every part of it has come in. */
  async function whole(page: Page, { traceId }: Job) {
    const look = async () => {
      const tree = console.test.stack.traces?.trace(traceId ?? '');
      if (tree === undefined || orphansOf(tree).length > 0) return undefined;
      const names = new Set(tree.spans.map(({ name }) => name));
      const rows = await drawn(page);
      const isWhole = names.has('gpu-worker') && names.has('result-notifier') && rows.length === tree.spans.length;
      return isWhole ? { tree, rows } : undefined;
    };
    return waitFor(look, { ...PATIENCE, what: `the whole trace ${traceId}` });
  }

  it('draws every span where it belongs, and as long as it took', async () => {
    const job = await console.test.client.terminal((await console.test.client.submit(aRequest({}, { steps: 12 }))).id);
    const page = await openPage(console, `/jobs/${job.id}`);

    const { tree, rows } = await whole(page, job);

    expect(spanNames(tree)).toEqual(expect.arrayContaining(['    ## handler.handler', '        engine']));
    expect(rows.map(({ name, service }) => ({ name, service }))).toEqual(
      tree.spans.map(({ depth, name, service }) => ({ name: `Level ${depth + 1}: ${name}`, service })),
    );
    const firstMs = Math.min(...tree.spans.map(({ startedAtMs }) => startedAtMs));
    const wholeMs = Math.max(...tree.spans.map(({ endedAtMs }) => endedAtMs ?? 0)) - firstMs;
    for (const [index, { startedAtMs, endedAtMs }] of tree.spans.entries()) {
      const tookMs = (endedAtMs ?? 0) - startedAtMs;
      expect(rows[index]?.startsAt).toBeCloseTo(inPercent(startedAtMs - firstMs, wholeMs), 0);
      expect(rows[index]?.width).toBeCloseTo(Math.max(inPercent(tookMs, wholeMs), 0.4), 0);
    }
    const engine = rows.find(({ name }) => name.endsWith(': engine'));
    // Twelve steps of 50 ms, and what the engine needs beside them.
    expect(engine?.took).toMatch(/^[6-9]\d\d ms$|^\d+(\.\d)? s$/);
    await page.getByRole('link', { name: job.traceId ?? '' }).waitFor();
    const link = await page.getByRole('link', { name: job.traceId ?? '' }).getAttribute('href');
    expect(link).toBe(`${console.test.stack.traces?.url}/traces/${job.traceId}`);
  });

  it('stands beside the command that prints what was logged', async () => {
    const { id } = await console.test.client.terminal((await console.test.client.submit()).id);
    const page = await openPage(console, `/jobs/${id}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);

    await page.getByRole('row', { name: 'Logs' }).getByRole('button', { name: 'Copy command' }).click();

    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`npx afterimage logs ${id}`);
  });

  it('draws an attempt that was made again beside the one before', async () => {
    const { client, stack } = console.test;
    const { id } = await client.submit(aRequest({}, { steps: 60 }));
    await client.jobWhere(id, 'in mid-job', ({ progress }) => (progress?.step ?? 0) >= 3);
    stack.workers[0]?.kill('SIGTERM');
    const job = await client.terminal(id);
    expect(job).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'lost' }, { outcome: 'succeeded' }] });
    const page = await openPage(console, `/jobs/${id}`);

    const { rows } = await whole(page, job);

    const attempts = rows.filter(({ name }) => name.includes(': gpu-worker'));
    const [first, second] = attempts.map(({ name }) => name);
    expect(attempts).toHaveLength(2);
    expect(second).toBe(`${first}follows another attempt`);
    expect(attempts[1]?.startsAt).toBeGreaterThan(attempts[0]?.startsAt ?? 0);
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await keepScreenshot(page, `job-trace-${width}-${colorScheme}`);
      expect({ violations: await violationsOf(page), overflow: await overflowOf(page) }).toEqual({
        violations: [],
        overflow: 0,
      });
    }
  });

  it('begins at the console for a job that an operator retried', async () => {
    const { client } = console.test;
    const { id } = await client.terminal((await client.submit()).id);
    const page = await openPage(console, `/jobs/${id}`);
    await operate(page, { label: 'Retry job', says: '1 job will be submitted again', reason: 'to see its trace' });
    await page.getByRole('row', { name: `Retry of ${id}` }).waitFor();
    const retried = await client.terminal(new URL(page.url()).pathname.split('/').at(-1) ?? '');

    const { rows } = await whole(page, retried);

    expect(rows[0]).toMatchObject({ service: 'ecs-fargate-admin' });
    expect(rows.map(({ name }) => name)).toContain('Level 2: gpu-worker');
  });
});
