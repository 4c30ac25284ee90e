import { existsSync } from 'node:fs';
import { readLocalFile, type LocalPaths } from './local-files.ts';

const PROBE_TIMEOUT_MS = 500;

/**
 * Two stacks must not share a folder: the second would delete what the first one uses.
 * @param ownUrl where this stack answers itself
 * @throws Error when the stack that wrote `local.json` still answers
 */
export async function refuseSecondStack(paths: LocalPaths, ownUrl: string): Promise<void> {
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
