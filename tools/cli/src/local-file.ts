import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { apiKeySchema, apiUrlSchema } from './access.ts';
import { isMissing } from './config-file.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const localFileSchema = z.object({
  apiUrl: apiUrlSchema,
  apiKey: apiKeySchema,
  consoleUrl: z.url().nullable().default(null),
});
/** What the local stack tells of itself. */
export type LocalFile = z.infer<typeof localFileSchema> & { readonly file: string };

/** `.afterimage/local.json`, which the local stack writes, in this folder or the nearest one above. */
export async function findLocalFile(folder: string): Promise<LocalFile | undefined> {
  const file = join(folder, '.afterimage', 'local.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (!isMissing(cause)) throw new CliError(EXIT.usage, `cannot read ${file}`, { cause });
    const parent = dirname(folder);
    return parent === folder ? undefined : findLocalFile(parent);
  }
  try {
    return { ...localFileSchema.parse(JSON.parse(text)), file };
  } catch (cause) {
    throw new CliError(EXIT.usage, `${file} is not the settings file of a local stack; start it again`, { cause });
  }
}
