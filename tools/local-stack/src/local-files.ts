import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Variables } from './app-environments.ts';
import type { AppName } from './apps.ts';
import { newApiKey } from './provision/identity.ts';

/** The files of the stack's folder, `.afterimage` by default. */
export interface LocalPaths {
  readonly directory: string;
  readonly localFile: string;
  readonly state: string;
  readonly traces: string;
  readonly logs: string;
  readonly env: string;
  readonly outputs: string;
}

export function localPaths(directory: string): LocalPaths {
  return {
    directory,
    localFile: join(directory, 'local.json'),
    state: join(directory, 'state'),
    traces: join(directory, 'traces.jsonl'),
    logs: join(directory, 'logs'),
    env: join(directory, 'env'),
    outputs: join(directory, 'outputs'),
  };
}

const newWebhookSecretKeys = () => randomBytes(32).toString('base64');

const localFileSchema = z.object({
  apiUrl: z.url(),
  apiKey: z.string(),
  tenantId: z.string(),
  /** Null without a console. */
  consoleUrl: z.url().nullable().default(null),
  awsEndpoints: z.object({ dynamodb: z.url(), sqs: z.url(), sns: z.url(), s3: z.url() }),
  /** Secret of the MAC over list cursors; kept, so that a cursor outlives a restart. */
  cursorSecret: z.string(),
  /** Key over the secrets of webhook endpoints, in base64. */
  webhookSecretKeys: z.string().default(newWebhookSecretKeys),
  /** A dotenv file for each app. */
  envFiles: z.record(z.string(), z.string()),
  logs: z.string(),
});
/** What `local.json` tells clients of the running stack. */
export type LocalFile = z.infer<typeof localFileSchema>;

export type Secrets = Pick<LocalFile, 'apiKey' | 'cursorSecret' | 'webhookSecretKeys'>;

/** @throws Error when it is missing or not ours */
export function readLocalFile({ localFile }: LocalPaths): LocalFile {
  try {
    return localFileSchema.parse(JSON.parse(readFileSync(localFile, 'utf8')));
  } catch (cause) {
    throw new Error(`${localFile} cannot be read; delete it, and the next start makes new keys`, { cause });
  }
}

/** The secrets of earlier starts, else new ones. @throws Error when there is a file and it is not ours */
export function loadSecrets(paths: LocalPaths): Secrets {
  if (existsSync(paths.localFile)) return readLocalFile(paths);
  const cursorSecret = randomBytes(32).toString('base64url');
  return { apiKey: newApiKey(), cursorSecret, webhookSecretKeys: newWebhookSecretKeys() };
}

function writeSecret(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // The mode above counts only for a new file.
  chmodSync(file, 0o600);
}

function dotenv(variables: Variables): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  return `${lines.join('\n')}\n`;
}

/** Writes `local.json`, readable for its owner alone. */
export function writeLocalFile({ localFile }: LocalPaths, content: LocalFile): void {
  writeSecret(localFile, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Writes `env/<app>.env` for every app, for `node --env-file`. Returns the path of each. */
export function writeEnvFiles(
  { env }: LocalPaths,
  environments: Readonly<Record<AppName, Variables>>,
): Record<string, string> {
  mkdirSync(env, { recursive: true });
  return Object.fromEntries(
    Object.entries(environments).map(([app, variables]) => {
      const file = join(env, `${app}.env`);
      writeSecret(file, dotenv(variables));
      return [app, file];
    }),
  );
}
