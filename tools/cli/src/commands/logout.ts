import { DEFAULT_PROFILE, removeProfile } from '../config-file.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Shell } from '../session.ts';

/** `afterimage logout`: forgets what `login` has stored. The key itself works on: `afterimage keys revoke` ends it. */
export async function logout({ flags, dependencies, reporter, isJson }: Shell): Promise<ExitCode> {
  const { configFile: file, stdout, env } = dependencies;
  const profile = flags.profile ?? (env.AFTERIMAGE_PROFILE || DEFAULT_PROFILE);
  const { apiUrl } = await removeProfile(file, profile);
  if (isJson) stdout.write(`${JSON.stringify({ event: 'logout', profile, apiUrl, file })}\n`);
  else reporter.notice(`profile "${profile}" is forgotten; its key for ${apiUrl} works until it is revoked`);
  return EXIT.ok;
}
