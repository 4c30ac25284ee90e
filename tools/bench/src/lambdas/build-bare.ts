import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { FUNCTIONS } from './functions.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Bundles the bare handlers as the functions are, into the directory; yields the file of one. */
export async function buildBare(directory: string): Promise<(name: string) => string> {
  // The options of every function's bundle are CommonJS, which nx reads.
  const { lean }: { readonly lean: Plugin } = createRequire(import.meta.url)(join(ROOT, 'tools/esbuild.lean.cjs'));
  const names = [...new Set(Object.values(FUNCTIONS))];
  await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => fileURLToPath(new URL(`bare/${name}.ts`, import.meta.url))),
    outdir: directory,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    outExtension: { '.js': '.cjs' },
    plugins: [lean],
    logLevel: 'error',
  });
  return (name) => join(directory, `${name}.cjs`);
}
