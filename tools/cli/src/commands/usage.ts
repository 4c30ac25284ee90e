import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatTable } from '../output/table.ts';
import type { CommandContext } from './context.ts';

export interface UsageCommandOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `afterimage usage`: a table by day and model with its sum, or the whole on one line in JSON. */
export async function usage(
  { client, stdout, interrupted: signal }: CommandContext,
  { from, to }: UsageCommandOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const used = await client.usage({ from, to, signal });
  if (isJson) {
    stdout.write(`${JSON.stringify(used)}\n`);
    return EXIT.ok;
  }
  const cells = ({ jobs, images, engineSeconds }: typeof used.total) => [
    String(jobs),
    String(images),
    engineSeconds.toFixed(1),
  ];
  const rows = used.data.map(({ day, model, ...amounts }) => [day, model, ...cells(amounts)]);
  const total = [`${used.from} to ${used.to}`, '', ...cells(used.total)];
  stdout.write(formatTable([['DAY', 'MODEL', 'JOBS', 'IMAGES', 'ENGINE SECONDS'], ...rows, total]));
  return EXIT.ok;
}
