import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROMPT } from './client.ts';

/** What no line may hold, whoever wrote it and whatever went wrong. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['an API key', /\bai_[0-9A-Za-z]+_[0-9A-Za-z]{16,}/],
  ['the secret of a webhook', /\bwhsec_[0-9A-Za-z+/]{16,}/],
  ['a signed query', /X-Amz-(Signature|Credential|Security-Token)=/i],
  ['a prompt', new RegExp(PROMPT)],
];

/** Names the log files of the directory that hold secrets, and which; empty when there are none. */
export function secretsInLogs(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    return SECRETS.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${name} holds ${what}`);
  });
}
