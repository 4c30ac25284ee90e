import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { LocalStackOptions } from '@afterimage/local-stack';
import { launchChromium } from '../chromium.ts';
import { startTestStack, type TestStack } from '../stack.ts';

export interface ScreenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Put on each request of the page, as a load balancer before the console does. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The operators' console in a browser, with everything that went wrong in its pages so far. */
export interface TestConsole {
  readonly test: TestStack;
  readonly browser: Browser;
  readonly url: string;
  /** Errors of scripts, of the security policy and of requests, and requests to places that the page has no business with. */
  readonly complaints: string[];
  /** A new page of the console at the path. */
  open(path: string, options?: ScreenOptions): Promise<Page>;
  /** @throws Error that tells of every complaint; they are forgotten then */
  checkComplaints(): void;
  /** Forgets what the browser itself has to say of answers with that status, which were meant to come. */
  forgetAnswers(status: number): void;
  stop(): Promise<void>;
}

const SCREENSHOTS = join(import.meta.dirname, '../../test-results/console');
const PICTURES = join(import.meta.dirname, '../../../../docs/images');
const ACTION_MS = 15_000;

function watch(page: Page, origins: ReadonlySet<string>, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const isPicture = request.resourceType() === 'image';
    const isOwn = origin === new URL(page.url()).origin || request.isNavigationRequest();
    if (protocol === 'data:' || protocol === 'blob:' || isOwn || (isPicture && origins.has(origin))) return;
    complaints.push(`${page.url()} asks ${request.url()} for a ${request.resourceType()}`);
  });
}

/** The stack with its console, and a browser. */
export async function startTestConsole(executable: string, options: LocalStackOptions = {}): Promise<TestConsole> {
  const [test, browser] = await Promise.all([
    startTestStack({ consolePort: 0, ...options }),
    launchChromium(executable),
  ]);
  const { consoleUrl } = test.stack;
  if (consoleUrl === null) throw new Error('the stack has no console');
  const complaints: string[] = [];
  const pictures = new Set([new URL(test.stack.awsEndpoints.s3).origin]);
  const contexts = new Map<string, BrowserContext>();

  async function contextOf({ width = 1280, height = 900, colorScheme = 'light' }: ScreenOptions) {
    const key = `${width} ${height} ${colorScheme}`;
    const known = contexts.get(key);
    if (known !== undefined) return known;
    const viewport = { width, height };
    const made = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce', locale: 'en-GB' });
    made.setDefaultTimeout(ACTION_MS);
    contexts.set(key, made);
    return made;
  }

  return {
    test,
    browser,
    url: consoleUrl,
    complaints,
    open: async (path, screen = {}) => {
      const page = await (await contextOf(screen)).newPage();
      await page.setExtraHTTPHeaders({ ...screen.headers });
      watch(page, pictures, complaints);
      await page.goto(new URL(path, consoleUrl).href);
      return page;
    },
    checkComplaints: () => {
      const told = complaints.splice(0);
      if (told.length > 0) throw new Error(`the console complains:\n${told.join('\n')}`);
    },
    forgetAnswers: (status) => {
      const others = complaints.filter((complaint) => !complaint.includes(`status of ${status}`));
      complaints.splice(0, complaints.length, ...others);
    },
    stop: async () => {
      await browser.close();
      await test.stop();
    },
  };
}

/** Keeps what a page shows, whole, for whoever looks at the results of the tests. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Makes a picture of the documentation anew, where the variable `UPDATE_PICTURES` asks for that. */
export async function updatePicture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_PICTURES'] !== '1') return;
  const shot = await page.screenshot({ fullPage: true });
  await sharp(shot)
    .webp({ quality: 85 })
    .toFile(join(PICTURES, `${name}.webp`));
}
