import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { ScreenOptions, TestConsole } from './console.ts';

/** Opens a page of the console, which is closed when the test that runs is over. */
export async function openPage(console: TestConsole, path: string, screen?: ScreenOptions): Promise<Page> {
  const page = await console.open(path, screen);
  onTestFinished(() => page.close());
  return page;
}
