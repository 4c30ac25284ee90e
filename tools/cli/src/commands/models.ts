import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

/** `afterimage models`: a table, or a model a line in JSON. With an id, that model with the JSON Schemas of its inputs. */
export async function models(
  { client, stdout, interrupted: signal }: CommandContext,
  id: string | undefined,
  isJson: boolean,
): Promise<ExitCode> {
  if (id !== undefined) {
    const model = await client.models.get(id, { signal });
    stdout.write(`${JSON.stringify(model, null, isJson ? 0 : 2)}\n`);
    return EXIT.ok;
  }
  const all = await client.models.list({ signal });
  if (isJson) {
    for (const model of all) stdout.write(`${JSON.stringify(model)}\n`);
    return EXIT.ok;
  }
  const cells = all.map(({ id: name, tasks, description }) => [name, tasks.join(', '), description]);
  stdout.write(formatTable([['ID', 'TASKS', 'DESCRIPTION'], ...cells]));
  return EXIT.ok;
}
