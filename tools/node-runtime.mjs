// Runs on any Node.js from 18 on: finds a Node.js new enough for the workspace, which `npm ci` installs as a platform
// package where the registry has one (npm links it as node_modules/.bin/node only under some versions of npm).
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node.js that strips types from imported TypeScript without a flag or a warning. */
const MINIMUM = [24, 11];
export const workspaceRoot = dirname(dirname(fileURLToPath(import.meta.url)));

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function installedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const folder = join(workspaceRoot, 'node_modules', `node-${platform}-${process.arch}`, 'bin');
  const file = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(file) ? file : undefined;
}

/** Path of a Node.js that can run the workspace, and the environment that makes every child use it. */
export function requireNode() {
  const node = isNewEnough(process.versions.node) ? process.execPath : installedNode();
  if (node === undefined) {
    console.error(
      `Afterimage needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.versions.node}, and npm did not install ` +
        `the package node-${process.platform}-${process.arch}. Run "npm ci" without --omit=optional, or install Node.js 24.`,
    );
    process.exit(1);
  }
  const path = [dirname(node), join(workspaceRoot, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { node, env: { ...process.env, PATH: path } };
}
