// Puts what a service's container needs into dist/packages/<app>, the context of its Dockerfile: the bundle, its page, and a
// package.json and a lock of the packages that stayed out of it.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './node-runtime.mjs';
import { pruneLock } from './prune-lock.mjs';

const [app] = process.argv.slice(2);
if (app === undefined) {
  console.error('usage: node tools/package-service.mjs <app>');
  process.exit(2);
}

const source = join(workspaceRoot, 'apps', app);
const target = join(workspaceRoot, 'dist/packages', app);
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (name, value) => writeFileSync(join(target, name), `${JSON.stringify(value, null, 2)}\n`);

const lock = readJson(join(workspaceRoot, 'package-lock.json'));
const { name, version, license, dependencies, nx } = readJson(join(source, 'package.json'));
const external = nx.targets.build.options.external ?? [];
const manifest = {
  name,
  version,
  private: true,
  license,
  type: 'module',
  dependencies: Object.fromEntries(external.map((each) => [each, dependencies[each]])),
  engines: { node: '>=24' },
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
cpSync(join(workspaceRoot, 'dist/apps', app), target, { recursive: true });
// The page of a service that has one, which its own build made.
const page = join(workspaceRoot, 'dist/apps', `${app}-web`);
if (existsSync(page)) cpSync(page, join(target, 'page'), { recursive: true });
for (const file of ['Dockerfile', '.dockerignore']) cpSync(join(source, file), join(target, file));
writeJson('package.json', manifest);
writeJson('package-lock.json', pruneLock(lock, manifest));
