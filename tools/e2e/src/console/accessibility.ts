import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds against WCAG 2.2 AA in the page, one line for each element; empty when all is well. */
export async function violationsOf(page: Page): Promise<string[]> {
  const options: RunOptions = { runOnly: { type: 'tag', values: TAGS } };
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async (given): Promise<AxeResults> => {
    const { axe: injected } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    return injected.run(given);
  }, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}

/** How many pixels of the page lie beyond the right edge of the screen. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
