import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { workspaceRoot } from './workspace.ts';

/** Uses a module that the dynamic import of the tracing has, too, and makes no such import. */
const PROGRAM = `
  import { createServiceTracing } from '@afterimage/telemetry/service';
  import { readTraceparent } from '@afterimage/telemetry';
  const { isSampled } = readTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  process.stdout.write(\`\${typeof createServiceTracing} \${isSampled}\`);
`;

it('a service has the modules that it shares with a part which it does not load', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { plugins: _report, ...options }: BuildOptions = createRequire(import.meta.url)('../../esbuild.service.cjs');

  await build({
    ...options,
    stdin: { contents: PROGRAM, resolveDir: join(workspaceRoot, 'tools/checks'), sourcefile: 'program.ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outdir: folder,
  });

  expect(execFileSync(process.execPath, [join(folder, 'stdin.mjs')], { encoding: 'utf8' })).toBe('function true');
});
