import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { WORKSPACE_ROOT } from './apps.ts';
import { localPaths, readLocalFile, type LocalPaths } from './local-files.ts';
import type { LocalStackOptions } from './options.ts';
import type { Teardown } from './teardown.ts';

const PROBE_TIMEOUT_MS = 500;

/** The folder that the options ask for; a temporary one is removed in the end. */
export function openDirectory(options: LocalStackOptions, teardown: Teardown): LocalPaths {
  if (options.persistence !== 'memory' || options.directory !== undefined) {
    return localPaths(resolve(options.directory ?? join(WORKSPACE_ROOT, '.afterimage')));
  }
  const directory = mkdtempSync(join(tmpdir(), 'afterimage-'));
  teardown.add(async () => rmSync(directory, { recursive: true, force: true }));
  return localPaths(directory);
}

/**
 * Two stacks must not share a folder: the second would delete what the first one uses.
 * @param ownUrl where this stack answers itself
 * @throws Error when the stack that wrote `local.json` still answers
 */
async function refuseSecondStack(paths: LocalPaths, ownUrl: string): Promise<void> {
  if (!existsSync(paths.localFile)) return;
  const { apiUrl } = readLocalFile(paths);
  if (apiUrl === ownUrl) return;
  let response: Response;
  try {
    response = await fetch(`${apiUrl}/v1/health`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
  } catch {
    return;
  }
  if (response.headers.has('x-amzn-requestid')) {
    throw new Error(`another local stack runs at ${apiUrl} on the folder ${paths.directory}; stop it first`);
  }
}

/** Takes the folder: clears what earlier starts left and this one makes anew. @throws Error when a stack runs on it */
export async function takeDirectory(paths: LocalPaths, ownUrl: string, isFresh: boolean): Promise<void> {
  await refuseSecondStack(paths, ownUrl);
  rmSync(paths.logs, { recursive: true, force: true });
  if (isFresh) for (const each of [paths.state, paths.traces]) rmSync(each, { recursive: true, force: true });
  for (const folder of [paths.logs, paths.outputs]) mkdirSync(folder, { recursive: true });
}
