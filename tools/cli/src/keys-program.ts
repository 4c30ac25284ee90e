import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type Scope, scopeSchema } from '@afterimage/job-schemas';
import { parseInteger } from './arguments.ts';
import { createKey, listKeys, revokeKey, rotateKey } from './commands/keys.ts';
import type { Action } from './session.ts';

function parseKeyId(value: string): string {
  if (/^[A-Za-z0-9]{8,32}$/.test(value)) return value;
  throw new InvalidArgumentError('must be the id of a key: the part between ai_ and the next underscore.');
}

/** The commands under `afterimage keys`. */
export function addKeys(keys: Command, action: Action): void {
  const id = () => new Argument('<id>', 'key id').argParser(parseKeyId);
  keys
    .command('create')
    .description('make a key and print it, this once')
    .argument('<name>', 'what to call it')
    .addOption(new Option('--scope <scopes...>', 'what it may do').choices(scopeSchema.options).makeOptionMandatory())
    .action((name: string, { scope }: { readonly scope: readonly Scope[] }, command: Command) =>
      action((context, isJson) => createKey(context, { name, scopes: scope }, isJson), command),
    );
  keys
    .command('ls')
    .description('list the keys')
    .action((_options: object, command: Command) => action(listKeys, command));
  keys
    .command('rotate')
    .description('make a key in place of this one, which works on for the overlap')
    .addArgument(id())
    .option('--overlap <seconds>', 'how long the old key works (default: a day)', parseInteger)
    .action((keyId: string, { overlap }: { readonly overlap?: number }, command: Command) =>
      action((context, isJson) => rotateKey(context, keyId, overlap, isJson), command),
    );
  keys
    .command('revoke')
    .description('end a key')
    .addArgument(id())
    .action((keyId: string, _options: object, command: Command) =>
      action((context, isJson) => revokeKey(context, keyId, isJson), command),
    );
}
