import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, dirname, join } from 'node:path';

const INFRA = join(import.meta.dirname, '../..');

/**
 * Runs the CDK command line on a stage, in the folder of its cdk.json, with this process's terminal.
 * @returns its exit code; 1 when a signal ended it
 */
export async function runCdk(stage: string, args: readonly string[]): Promise<number> {
  const cdk = [join(INFRA, '../node_modules/aws-cdk/bin/cdk'), ...args, '--context', `stage=${stage}`];
  // cdk.json names plain `node`: it shall be the one that runs this.
  const path = [dirname(process.execPath), process.env['PATH']].filter((part) => part !== undefined).join(delimiter);
  const env = { ...process.env, PATH: path };
  const child = spawn(process.execPath, cdk, { cwd: INFRA, stdio: 'inherit', env });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  const [code]: (number | null)[] = await once(child, 'exit');
  return code ?? 1;
}
