import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logLineSchema } from '@afterimage/telemetry/log';
import { PROMPT } from './client.ts';

/** What no log may hold, whoever wrote it and whatever went wrong. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['an API key', /\bai_[0-9A-Za-z]+_[0-9A-Za-z]{16,}/],
  ['the secret of a webhook', /\bwhsec_[0-9A-Za-z+/]{16,}/],
  ['a signed query', /X-Amz-(Signature|Credential|Security-Token)=/i],
];
/** Fewer words may be in a line by chance. */
const TELLING_CHARACTERS = 12;

/** As it is in a line of JSON, where it may be a part of a longer text. */
function asLogged(prompt: string): string {
  return JSON.stringify(prompt).slice(1, -1);
}

function isOurs(line: unknown): line is object {
  if (typeof line !== 'object' || line === null) return false;
  return !('_aws' in line) && !('level' in line && line.level === 'PLATFORM');
}

/** What is wrong with a line of ours. What the runtime says of a process that crashes is no JSON. */
function complaintsOf(text: string): string[] {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isOurs(line)) return [];
  const issues = logLineSchema.safeParse(line).error?.issues ?? [];
  return issues.map(({ path, message }) => `a line of which ${path.join('.')} ${message}`);
}

/**
 * Names the log files of the directory that hold what no log may hold, or lines of another form than all others, and what it
 * is; empty when there are none.
 * @param prompts of the jobs of the run
 */
export function faultsInLogs(directory: string, prompts: readonly string[] = []): string[] {
  const telling = [PROMPT, ...prompts].filter((prompt) => prompt.length >= TELLING_CHARACTERS).map(asLogged);
  const faults = readdirSync(directory).flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    const secrets = SECRETS.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
    const told = telling.some((prompt) => text.includes(prompt)) ? ['a prompt'] : [];
    return [...secrets, ...told, ...text.split('\n').flatMap(complaintsOf)].map((what) => `${name} holds ${what}`);
  });
  return [...new Set(faults)];
}
