import { text } from 'node:stream/consumers';
import { ApiError, type Client } from '@afterimage/client';
import { parseApiKey, parseApiUrl } from '../access.ts';
import { DEFAULT_PROFILE, writeProfile } from '../config-file.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Shell } from '../session.ts';

const PROFILE = /^[\w.-]{1,64}$/;

/** From the option, else the variable, else the user, else standard input, where a script pipes it in. */
async function findKey({ flags, dependencies }: Shell): Promise<string | undefined> {
  const { stdin, ask } = dependencies;
  if (flags.apiKey !== undefined) return flags.apiKey;
  return stdin.isTTY === true ? ask('API key', { isHidden: true }) : (await text(stdin)).trim();
}

async function findUrl({ flags, dependencies }: Shell): Promise<string | undefined> {
  const { stdin, ask, env } = dependencies;
  const url = flags.apiUrl ?? (env.AFTERIMAGE_API_URL || undefined);
  if (url !== undefined) return url;
  if (stdin.isTTY === true) return ask('Address of the API', { isHidden: false });
  throw new CliError(EXIT.usage, 'no API address: give --api-url');
}

/** @throws ApiError when the API does not take the key; one that may do little is a key all the same */
async function checkKey(client: Client, signal: AbortSignal): Promise<void> {
  try {
    await client.models.list({ signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
  }
}

/** `afterimage login`: stores address and key as a profile, when the API takes the key. */
export async function login(shell: Shell): Promise<ExitCode> {
  const { flags, dependencies, reporter, isJson } = shell;
  const { configFile, interrupted, stdout, env } = dependencies;
  const profile = flags.profile ?? (env.AFTERIMAGE_PROFILE || DEFAULT_PROFILE);
  if (!PROFILE.test(profile)) {
    throw new CliError(EXIT.usage, `"${profile}" is no name of a profile: 1 to 64 letters, digits, dots, dashes and _`);
  }
  const url = await findUrl(shell);
  const key = url === undefined ? undefined : await findKey(shell);
  if (url === undefined || key === undefined) return EXIT.interrupted;
  const access = { apiUrl: parseApiUrl(url), apiKey: parseApiKey(key) };
  await checkKey(shell.connect(access), interrupted);
  await writeProfile(configFile, profile, access);
  if (isJson) stdout.write(`${JSON.stringify({ event: 'login', profile, apiUrl: access.apiUrl, file: configFile })}\n`);
  else reporter.notice(`the key for ${access.apiUrl} is stored as profile "${profile}" in ${configFile}`);
  return EXIT.ok;
}
