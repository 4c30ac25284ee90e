import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

const CONFIG = join(import.meta.dirname, '../../config');

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stage: { type: 'string' }, 'delete-data': { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export interface Arguments {
  /** Name of a file of `config/`. */
  readonly stage: string;
  readonly names: readonly string[];
  /** The stage whose data may be deleted, as the operator wrote it. */
  readonly deleteData: string | undefined;
}

/**
 * Reads `[name ...] [--stage <stage>] [--delete-data <stage>]`. Without `--stage`, STAGE decides, and then it is `dev`.
 * @throws UsageError
 */
export function readArguments(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Arguments {
  const { values, positionals } = readFlags(args);
  const stage = values.stage ?? env['STAGE'] ?? 'dev';
  if (!/^[a-z][a-z0-9]*$/.test(stage) || !existsSync(join(CONFIG, `${stage}.json`))) {
    throw new UsageError(`there is no stage "${stage}": infra/config/${stage}.json is missing`);
  }
  return { stage, names: positionals, deleteData: values['delete-data'] };
}
