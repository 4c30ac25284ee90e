import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { PromptLine } from './prompt-lines.ts';

/** Looks for the files that lines name, so that a missing one is told before anything is sent. @throws CliError that names line and file */
export async function checkFiles(lines: readonly PromptLine[], file: string, folder: string): Promise<void> {
  const seen = new Set<string>();
  for (const { line, files } of lines) {
    for (const name of files) {
      if (seen.has(name)) continue;
      seen.add(name);
      try {
        await access(resolve(folder, name), constants.R_OK);
      } catch (cause) {
        throw new CliError(EXIT.usage, `${file}, line ${line}: cannot read ${name}`, {
          lines: [`names of files are relative to ${folder}`, 'a text that begins with an at sign is written with two'],
          cause,
        });
      }
    }
  }
}
