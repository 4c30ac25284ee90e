import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createLogger } from 'vite';
import { expect, it, onTestFinished } from 'vitest';
import { firstLoadBudget } from '../build/first-load-budget.ts';

/** Builds a page with one view. @returns what the build says of its first load */
async function buildPage(budget: number): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'first-load-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'index.html'), '<script type="module" src="/main.js"></script>');
  writeFileSync(join(root, 'main.js'), "import('./view.js').then(({ show }) => show());");
  writeFileSync(join(root, 'view.js'), "export const show = () => document.body.append('the view');");
  const said: string[] = [];
  const customLogger = { ...createLogger('silent'), info: (text: string) => void said.push(text) };
  await build({ root, configFile: false, customLogger, plugins: [firstLoadBudget(budget)] });
  return said.filter((text) => text.startsWith('First load: '));
}

it('states what the first load weighs', async () => {
  expect(await buildPage(300_000)).toEqual([
    expect.stringMatching(
      /^First load: \d\.\d kB gzip, \d\.\d kB with the heaviest view \(assets\/view-.*\.js\); the budget is 300\.0 kB\.$/,
    ),
  ]);
});

it('fails a build that is above it', async () => {
  await expect(buildPage(100)).rejects.toThrow(/First load: .*; the budget is 0\.1 kB\./);
});
