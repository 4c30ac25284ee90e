// node tools/with-node.mjs COMMAND [ARG ...]: runs a command of node_modules/.bin under the workspace's Node.js.
import { spawn } from 'node:child_process';
import { requireNode } from './node-runtime.mjs';

const [command, ...args] = process.argv.slice(2);
const { env } = requireNode();
const child = spawn(command, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`cannot run ${command}: ${error.message}`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
