import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { apiKeySchema, apiUrlSchema } from './access.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

export const DEFAULT_PROFILE = 'default';

const configSchema = z.object({
  profiles: z.record(z.string(), z.object({ apiUrl: apiUrlSchema, apiKey: apiKeySchema })),
});
export type Config = z.infer<typeof configSchema>;
export type Profile = Config['profiles'][string];

/** Whether the error is that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** The profiles that `afterimage login` has stored; none without a file. @throws CliError for one that is not ours */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return { profiles: {} };
    throw new CliError(EXIT.usage, `cannot read ${file}`, { cause });
  }
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(EXIT.usage, `${file} is not a settings file; remove it and run "afterimage login"`, { cause });
  }
}

/** The file appears whole, and for its owner alone from its first byte on. */
async function writeConfig(file: string, config: Config): Promise<void> {
  const text = `${JSON.stringify(config, null, 2)}\n`;
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new CliError(EXIT.failed, `cannot write ${file}: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

/** Stores a profile beside the others. */
export async function writeProfile(file: string, name: string, profile: Profile): Promise<void> {
  const { profiles } = await readConfig(file);
  await writeConfig(file, { profiles: { ...profiles, [name]: profile } });
}

/** Forgets a profile, and with the last one the file. @throws CliError when there is none of this name */
export async function removeProfile(file: string, name: string): Promise<Profile> {
  const { profiles } = await readConfig(file);
  const profile = profileOf(profiles, name);
  const { [name]: _forgotten, ...rest } = profiles;
  if (Object.keys(rest).length === 0) await rm(file);
  else await writeConfig(file, { profiles: rest });
  return profile;
}

/** @throws CliError that names those that are stored */
export function profileOf(profiles: Config['profiles'], name: string, lines: readonly string[] = []): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const known = Object.keys(profiles);
  const stored = known.length === 0 ? 'no profile is stored' : `stored profiles: ${known.join(', ')}`;
  throw new CliError(EXIT.usage, `there is no profile "${name}"`, { lines: [stored, ...lines] });
}

/** Whether others than the owner may read or write the file; on Windows its folder decides. */
export async function isOpenToOthers(file: string, platform: NodeJS.Platform): Promise<boolean> {
  return platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0;
}
