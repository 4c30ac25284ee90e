import type { ApiKey, NewApiKey, Scope } from '@afterimage/client';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

/** The key alone goes to stdout, so that `export AFTERIMAGE_API_KEY=$(afterimage keys create …)` works. */
function showNew(
  { stdout, stderr }: Pick<CommandContext, 'stdout' | 'stderr'>,
  key: NewApiKey,
  isJson: boolean,
): ExitCode {
  if (isJson) {
    stdout.write(`${JSON.stringify(key)}\n`);
    return EXIT.ok;
  }
  stderr.write(`key ${key.id} (${key.name}): ${key.scopes.join(', ')}\nkeep it now, it is not shown again:\n`);
  stdout.write(`${key.key}\n`);
  return EXIT.ok;
}

function stateOf({ revokedAt }: ApiKey, nowMs: number): string {
  if (revokedAt === null) return 'active';
  return Date.parse(revokedAt) > nowMs ? `ends ${revokedAt}` : `revoked ${revokedAt}`;
}

/** `afterimage keys create`. */
export async function createKey(
  context: CommandContext,
  request: { readonly name: string; readonly scopes: readonly Scope[] },
  isJson: boolean,
): Promise<ExitCode> {
  const { client, interrupted: signal } = context;
  return showNew(context, await client.keys.create(request, { signal }), isJson);
}

/** `afterimage keys ls`: a table, or a key a line in JSON. */
export async function listKeys(context: CommandContext, isJson: boolean): Promise<ExitCode> {
  const { client, stdout, nowMs, interrupted: signal } = context;
  const keys = await client.keys.list({ signal });
  if (isJson) {
    for (const key of keys) stdout.write(`${JSON.stringify(key)}\n`);
    return EXIT.ok;
  }
  const cells = keys.map((key) => [key.id, key.name, key.scopes.join(','), stateOf(key, nowMs())]);
  stdout.write(formatTable([['ID', 'NAME', 'SCOPES', 'STATE'], ...cells]));
  return EXIT.ok;
}

/** `afterimage keys rotate`. */
export async function rotateKey(
  context: CommandContext,
  id: string,
  overlapSeconds: number | undefined,
  isJson: boolean,
): Promise<ExitCode> {
  const { client, interrupted: signal } = context;
  return showNew(context, await client.keys.rotate(id, { overlapSeconds, signal }), isJson);
}

/** `afterimage keys revoke`. */
export async function revokeKey(context: CommandContext, id: string, isJson: boolean): Promise<ExitCode> {
  const { client, stdout, interrupted: signal } = context;
  const key = await client.keys.revoke(id, { signal });
  stdout.write(isJson ? `${JSON.stringify(key)}\n` : `key ${key.id} (${key.name}) stops working within a minute\n`);
  return EXIT.ok;
}
