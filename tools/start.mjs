// npm start: builds the apps, then runs the local stack. Runs on any Node.js from 18 on.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { requireNode, workspaceRoot } from './node-runtime.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const SLOW_BUILD_MS = 5000;
const PARENT_CHECK_MS = 500;
const { node, env } = requireNode();

let isStopped = false;
let running;
function stop(signal) {
  isStopped = true;
  running?.kill(signal);
}
for (const signal of SIGNALS) process.on(signal, stop);

// npm runs this script in a shell, and a signal to npm alone ends that shell and nothing else.
const parent = process.ppid;
if (process.env.npm_lifecycle_event === 'start') {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, PARENT_CHECK_MS);
  watch.unref();
}

/** Resolves with the exit code. */
function run(command, args, options) {
  running = spawn(command, args, { cwd: workspaceRoot, env, ...options });
  return new Promise((resolve, reject) => {
    running.once('error', reject);
    running.once('close', (code, signal) => resolve(signal === null ? code : 1));
  });
}

async function build() {
  const output = [];
  const done = run('nx', ['run-many', '-t', 'build', '--projects=tag:layer:app'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const slow = setTimeout(
    () => console.log('Building the apps; the next start takes them from the cache …'),
    SLOW_BUILD_MS,
  );
  const code = await done;
  clearTimeout(slow);
  if (code !== 0 && !isStopped) process.stderr.write(Buffer.concat(output));
  return code;
}

/** The channel tells the stack when this process is gone, also when it was killed. */
function start() {
  const main = join(workspaceRoot, 'tools', 'local-stack', 'src', 'main.ts');
  return run(node, [main, ...process.argv.slice(2)], {
    cwd: process.cwd(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
}

const buildCode = await build();
process.exit(buildCode !== 0 || isStopped ? buildCode || 1 : await start());
