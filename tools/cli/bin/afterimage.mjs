#!/usr/bin/env node
// Plain JavaScript for any Node.js from 18 on: runs the command under the workspace's Node.js when this one is too old.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireNode } from '../../node-runtime.mjs';

const main = new URL('../src/main.ts', import.meta.url);
const { node, env } = requireNode();

if (node === process.execPath) {
  await import(main.href);
} else {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit', env });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // A terminal sends Ctrl-C to the child as well; the command takes two in quick succession for one.
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`cannot run ${node}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
