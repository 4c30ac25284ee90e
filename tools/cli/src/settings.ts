import { parseApiKey, parseApiUrl } from './access.ts';
import { DEFAULT_PROFILE, profileOf, readConfig } from './config-file.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { findLocalFile, type LocalFile } from './local-file.ts';

export interface Settings {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Of the operators' console, where it is known. */
  readonly consoleUrl: string | null;
  /** Where the key comes from, for people. */
  readonly source: string;
}

export interface SettingsSources {
  readonly flags: {
    readonly apiUrl?: string | undefined;
    readonly apiKey?: string | undefined;
    readonly profile?: string | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Where `afterimage login` stores what it is told. */
  readonly configFile: string;
}

/** An address with the key for it: neither goes with another. */
interface Access {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly source: string;
}

/** A profile that was asked for by its name. @throws CliError when there is none */
async function namedProfile(name: string, file: string): Promise<Access> {
  const { profiles } = await readConfig(file);
  const profile = profileOf(profiles, name, [`to store it: afterimage login --profile ${name}`]);
  return { ...profile, source: `profile "${name}"` };
}

/** Where neither flags nor variables say it: the local stack around this folder, else the default profile. */
async function fallback(local: LocalFile | undefined, configFile: string): Promise<Access | undefined> {
  if (local !== undefined) return { ...local, source: local.file };
  const { profiles } = await readConfig(configFile);
  const profile = profiles[DEFAULT_PROFILE];
  return profile === undefined ? undefined : { ...profile, source: `profile "${DEFAULT_PROFILE}"` };
}

function keyGiven(flag: string | undefined, variable: string | undefined): Omit<Access, 'apiUrl'> | undefined {
  if (flag !== undefined) return { apiKey: flag, source: '--api-key' };
  return variable === undefined || variable === '' ? undefined : { apiKey: variable, source: 'AFTERIMAGE_API_KEY' };
}

/**
 * Flags win over a profile that is named, then AFTERIMAGE_API_URL and AFTERIMAGE_API_KEY, then the local stack's file, then the
 * default profile. A stored key goes only to the address that it is stored with, so that it is never sent to another server.
 * @throws CliError that says what to set
 */
export async function findSettings({ flags, env, cwd, configFile }: SettingsSources): Promise<Settings> {
  const profileName = flags.profile ?? (env.AFTERIMAGE_PROFILE || undefined);
  const profile = profileName === undefined ? undefined : await namedProfile(profileName, configFile);
  const key = keyGiven(flags.apiKey, profile === undefined ? env.AFTERIMAGE_API_KEY : undefined);
  const url = flags.apiUrl ?? profile?.apiUrl ?? (env.AFTERIMAGE_API_URL || undefined);
  const isComplete = profile !== undefined || (url !== undefined && key !== undefined);
  const local = isComplete ? undefined : await findLocalFile(cwd);
  const stored = isComplete ? profile : await fallback(local, configFile);
  const apiUrl = url === undefined ? stored?.apiUrl : parseApiUrl(url);
  if (apiUrl === undefined) {
    throw new CliError(EXIT.usage, 'no API address', {
      lines: [
        'start the local stack with "npm start" and run this inside its folder, or run "afterimage login",',
        'or set AFTERIMAGE_API_URL and AFTERIMAGE_API_KEY',
      ],
    });
  }
  const access = key ?? (stored?.apiUrl === apiUrl ? stored : undefined);
  if (access === undefined) {
    throw new CliError(
      EXIT.usage,
      `no API key for ${apiUrl}: set AFTERIMAGE_API_KEY, give --api-key or run "afterimage login"`,
    );
  }
  const localConsole = local?.apiUrl === apiUrl ? local.consoleUrl : null;
  const consoleUrl = (env.AFTERIMAGE_CONSOLE_URL || undefined) ?? localConsole;
  return { apiUrl, apiKey: parseApiKey(access.apiKey), consoleUrl, source: access.source };
}
