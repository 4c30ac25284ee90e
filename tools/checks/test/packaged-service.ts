import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';

export interface PackagedService {
  /** The package as it was built. */
  readonly directory: string;
  /** What Node.js is allowed beside reading the folder. */
  readonly rights?: readonly string[];
  /** Completes the copy of the package. */
  readonly prepare?: (folder: string) => void;
}

/** A copy of a packaged service in a folder of its own, there for all tests of a file; what one leaves running is killed. */
export function usePackagedService({ directory, rights = [], prepare }: PackagedService) {
  let folder: string;
  let running: ChildProcess | undefined;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'packaged-service-')));
    cpSync(directory, folder, { recursive: true });
    prepare?.(folder);
  });
  afterEach(async () => {
    if (running?.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'close');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  return {
    get folder() {
      return folder;
    },
    /** Starts the service as its container does, allowed to read its own folder and to write nothing. */
    start(env: Readonly<Record<string, string>>) {
      const child = spawn(process.execPath, ['--permission', `--allow-fs-read=${folder}`, ...rights, 'main.mjs'], {
        cwd: folder,
        env: { ...env, NODE_ENV: 'production', NODE_NO_WARNINGS: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running = child;
      return { child, exited: once(child, 'close').then(([code]) => Number(code)) };
    },
  };
}
