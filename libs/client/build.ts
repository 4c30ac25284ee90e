// Makes the package that is published: dist/libs/client, ready for `npm pack`.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = import.meta.dirname;
const out = join(root, '../../dist/libs/client');
const tsc = join(root, '../../node_modules/typescript-native/bin/tsc');

/** `./node` uses the main entry beside it, so that both have the same error classes. */
const sharedCore: Plugin = {
  name: 'shared-core',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: '../index.js', external: true }));
  },
};

function compile(config: string): void {
  execFileSync(process.execPath, [tsc, '-p', config], { cwd: root, stdio: 'inherit' });
}

async function bundle(format: 'esm' | 'cjs'): Promise<void> {
  const common = { bundle: true, format, target: 'es2022', sourcemap: true, absWorkingDir: root } as const;
  // The neutral platform refuses every module of Node.js.
  await build({
    ...common,
    platform: 'neutral',
    entryPoints: ['src/index.ts'],
    outfile: join(out, format, 'index.js'),
  });
  await build({
    ...common,
    platform: 'node',
    entryPoints: ['src/node/index.ts'],
    outfile: join(out, format, 'node/index.js'),
    plugins: [sharedCore],
  });
}

/** Declarations import each other with the endings of the files that they stand for. */
function fixEndings(): void {
  for (const file of globSync('esm/**/*.d.ts', { cwd: out })) {
    const path = join(out, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
}

/** Each condition has its own declarations, as TypeScript takes their module kind from the folder's manifest. */
function entry(path: string): object {
  const of = (format: string) => ({ types: `./${format}/${path}.d.ts`, default: `./${format}/${path}.js` });
  return { import: of('esm'), require: of('cjs') };
}

function writeManifest(): void {
  const { name, version, description, license, sideEffects } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const manifest = {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects,
    engines: { node: '>=20.3' },
    exports: { '.': entry('index'), './node': entry('node/index'), './package.json': './package.json' },
    main: './cjs/index.js',
    types: './cjs/index.d.ts',
    files: ['esm', 'cjs'],
    publishConfig: { access: 'public' },
  };
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(out, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
compile('tsconfig.web.json');
compile('tsconfig.types.json');
fixEndings();
cpSync(join(out, 'esm'), join(out, 'cjs'), { recursive: true });
await Promise.all([bundle('esm'), bundle('cjs')]);
writeManifest();
cpSync(join(root, 'README.md'), join(out, 'README.md'));
cpSync(join(root, '../../LICENSE'), join(out, 'LICENSE'));
