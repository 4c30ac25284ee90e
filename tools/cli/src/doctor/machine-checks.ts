import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { isMissing, isOpenToOthers } from '../config-file.ts';
import type { LocalFile } from '../local-file.ts';
import { fail, type Finding, messageOf, ok, warn } from './check.ts';

/** The oldest Node.js that runs TypeScript as it is. */
const NODE = { major: 24, minor: 11 };
const TIMEOUT_MS = 2000;
const LOOPBACK = '127.0.0.1';
const CHROMIUMS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  if (isNew) return ok('node', version);
  return fail('node', `${version} is too old`, `install Node.js ${NODE.major}.${NODE.minor} or newer`);
}

export async function checkConfig(file: string, platform: NodeJS.Platform): Promise<Finding> {
  try {
    if (await isOpenToOthers(file, platform)) {
      return warn('profiles', `others may read ${file}`, `chmod 600 '${file}', and rotate the keys in it`);
    }
    return ok('profiles', file);
  } catch (error) {
    if (isMissing(error)) return ok('profiles', 'none are stored');
    return fail('profiles', messageOf(error), `make ${file} readable`);
  }
}

/** Whether a port can be had on this machine. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(port, LOOPBACK, () => resolve(true));
  const isListening = await promise;
  if (isListening) await new Promise((done) => server.close(done));
  return isListening;
}

/** Whether the local stack runs, and else whether its port is free for it. */
export async function checkLocalStack(
  local: LocalFile | undefined,
  fetch: typeof globalThis.fetch,
): Promise<Finding[]> {
  if (local === undefined) return [ok('local stack', 'none around this folder')];
  try {
    const answer = await fetch(`${local.apiUrl}/v1/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    if (answer.ok) return [ok('local stack', `runs at ${local.apiUrl}`)];
  } catch {
    // It does not run; why not is for its own start to tell.
  }
  const port = Number(new URL(local.apiUrl).port);
  return [
    warn('local stack', `does not run at ${local.apiUrl}`, 'start it with "npm start"'),
    (await isFree(port))
      ? ok('port', `${port} is free`)
      : warn('port', `${port} is in use by something else`, 'start with AFTERIMAGE_PORT set to another one'),
  ];
}

export function checkChromium(path: string | undefined): Finding {
  const found = [path ?? '', ...CHROMIUMS].find((each) => each !== '' && existsSync(each));
  if (found !== undefined) return ok('chromium', found);
  return warn('chromium', 'none is found', 'only tests in a browser need it: install one, or set CHROMIUM_PATH');
}
