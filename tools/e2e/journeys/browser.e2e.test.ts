import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aRequest } from '../src/client.ts';
import { findChromium, launchChromium } from '../src/chromium.ts';
import { startTestStack, type TestStack } from '../src/stack.ts';

const executable = findChromium();

describe.skipIf(executable === undefined)('a browser', () => {
  let test: TestStack;
  let browser: Browser;
  let pages: Server;

  beforeAll(async () => {
    test = await startTestStack();
    browser = await launchChromium(executable ?? '');
    pages = createServer((_request, response) => response.end('<!doctype html><title>pictures</title>'));
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await browser?.close();
    pages?.close();
    await test?.stop();
  });

  it.each(['png', 'jpeg', 'webp'])('shows a %s by its signed URL, whole and in its size', async (format) => {
    const { id } = await test.client.submit(aRequest({ output: { format } }, { width: 192, height: 128 }));
    const job = await test.client.terminal(id);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);

    const size = await page.evaluate(async (url) => {
      const image = document.createElement('img');
      image.src = url;
      await image.decode();
      return { width: image.naturalWidth, height: image.naturalHeight };
    }, job.outputs[0]?.url ?? '');

    expect(size).toEqual({ width: 192, height: 128 });
    await page.close();
  });
});
