import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT_MS = 60_000;
export const workspace = join(import.meta.dirname, '../../..');

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which the published package is installed, from the file that `npm pack` makes, without any network. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  readonly packed: readonly string[];
  write(name: string, text: string): Promise<string>;
  /** Runs a program in the folder. @throws when it fails */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
}

export async function installPackage(): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-consumer-'));
  // Nothing else of this process: what colours and proxies it was started with must not show.
  const base = { PATH: process.env.PATH ?? '', HOME: folder };
  const run: Consumer['run'] = (program, args, env = {}) =>
    execute(program, args, { cwd: folder, env: { ...base, ...env }, timeout: TIMEOUT_MS });
  const dist = join(workspace, 'dist/libs/client');
  const { stdout } = await run('npm', ['pack', dist, '--json', '--silent', '--pack-destination', folder]);
  const [{ filename, files }] = JSON.parse(stdout);
  await writeFile(join(folder, 'package.json'), '{ "name": "consumer", "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', `./${filename}`]);
  return {
    folder,
    packed: files.map(({ path }: { readonly path: string }) => path),
    async write(name, text) {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
    run,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** The machine's own Node.js, which may be an older one than the workspace's. */
export function findHostNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path));
}

const CHROMIUMS = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export function findChromium(): string | undefined {
  return CHROMIUMS.find((path) => path !== '' && existsSync(path));
}
