import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

export interface Settings {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly apiKey: string;
}

const apiUrlSchema = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no query and no credentials')
  .transform((url) => url.replace(/\/+$/, ''));
/** What goes into a header; the message must not show the key. */
const apiKeySchema = z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII');
const localFileSchema = z.object({ apiUrl: apiUrlSchema, apiKey: apiKeySchema });

/** `.afterimage/local.json`, which the local stack writes, in this folder or the nearest one above. */
async function readLocalFile(folder: string): Promise<Settings | undefined> {
  const file = join(folder, '.afterimage', 'local.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (!isMissing(cause)) throw new CliError(EXIT.usage, `cannot read ${file}`, { cause });
    const parent = dirname(folder);
    return parent === folder ? undefined : readLocalFile(parent);
  }
  try {
    return localFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(EXIT.usage, `${file} is not the settings file of a local stack; start it again`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

export interface SettingsSources {
  readonly flags: { readonly apiUrl?: string | undefined; readonly apiKey?: string | undefined };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * Flags win over AFTERIMAGE_API_URL and AFTERIMAGE_API_KEY, which win over the local stack's file. The file's key goes
 * only to the file's own address, so that it is never sent to another server.
 * @throws CliError that says what to set
 */
export async function findSettings({ flags, env, cwd }: SettingsSources): Promise<Settings> {
  const url = flags.apiUrl ?? (env.AFTERIMAGE_API_URL || undefined);
  const key = flags.apiKey ?? (env.AFTERIMAGE_API_KEY || undefined);
  const local = url === undefined || key === undefined ? await readLocalFile(cwd) : undefined;
  const apiUrl = url === undefined ? local?.apiUrl : parse(apiUrlSchema, url, 'the API address');
  if (apiUrl === undefined) {
    throw new CliError(EXIT.usage, 'no API address', {
      lines: [
        'start the local stack with "npm start" and run this inside its folder,',
        'or set AFTERIMAGE_API_URL and AFTERIMAGE_API_KEY',
      ],
    });
  }
  const apiKey = key ?? (local?.apiUrl === apiUrl ? local.apiKey : undefined);
  if (apiKey === undefined)
    throw new CliError(EXIT.usage, `no API key for ${apiUrl}: set AFTERIMAGE_API_KEY or give --api-key`);
  return { apiUrl, apiKey: parse(apiKeySchema, apiKey, 'the API key') };
}

function parse(schema: z.ZodType<string>, value: string, what: string): string {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CliError(EXIT.usage, `${what} is wrong: ${result.error.issues[0]?.message ?? 'not understood'}`);
}
