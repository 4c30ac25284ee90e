import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import envPaths from 'env-paths';
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics';
import * as z from 'zod';
import { EXIT } from './exit-codes.ts';
import { ask, openFile } from './desktop.ts';
import { makeInterruptHandler } from './interrupts.ts';
import { hasForeground, makeAskTerminal } from './preview/ask-terminal.ts';
import { runCli } from './program.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')));

const interruption = new AbortController();
const secondInterruption = new AbortController();
let isSecondClaimed = false;
const onInterrupt = makeInterruptHandler({
  nowMs: () => performance.now(),
  detach: () => interruption.abort(),
  exit() {
    if (!isSecondClaimed || secondInterruption.signal.aborted) process.exit(EXIT.interrupted);
    secondInterruption.abort();
  },
});
process.on('SIGINT', onInterrupt);

// `afterimage jobs ls | head` closes the pipe early: that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  nodeVersion: process.versions.node,
  platform: process.platform,
  configFile: process.env.AFTERIMAGE_CONFIG || join(envPaths('afterimage', { suffix: '' }).config, 'config.json'),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  terminal: {
    graphics: createSupportsTerminalGraphics(process.stdout),
    colorDepth: process.stdout.isTTY ? process.stdout.getColorDepth() : 1,
    ask: makeAskTerminal({
      input: process.stdin,
      output: process.stdout,
      isForeground: () => hasForeground(process.platform),
      interrupt: onInterrupt,
    }),
  },
  fetch: globalThis.fetch,
  openFile,
  ask,
  clock: {
    nowMs: () => Date.now(),
    sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
  },
  random: Math.random,
  newIdempotencyKey: randomUUID,
  interrupted: interruption.signal,
  claimSecondInterrupt() {
    isSecondClaimed = true;
    return secondInterruption.signal;
  },
});
