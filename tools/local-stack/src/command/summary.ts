import { relative } from 'node:path';
import type { LocalStack } from '../options.ts';

/** A path as somebody in `cwd` would write it. */
export function shortPath(file: string, cwd: string): string {
  const short = relative(cwd, file);
  return short.startsWith('..') ? file : short;
}

/** What listens where. */
export function summary(stack: LocalStack, cwd: string): string {
  const rows = [
    ['API', stack.apiUrl],
    ...(stack.consoleUrl === null ? [] : [['Console', stack.consoleUrl]]),
    ['API key', stack.apiKey],
    ['DynamoDB', stack.awsEndpoints.dynamodb],
    ['SQS, SNS, S3', stack.awsEndpoints.sqs],
    ['Workers', stack.workers.map(({ id, pid }) => `${id} (process ${pid})`).join(', ') || 'none'],
    ['Logs', shortPath(stack.logs, cwd)],
  ];
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(13)} ${value}`).join('\n');
}

/** A command line that makes a picture and can be pasted as it is. */
export function curlLine({ apiUrl, apiKey }: Pick<LocalStack, 'apiUrl' | 'apiKey'>, model: string): string {
  const body = JSON.stringify({
    model,
    task: 'text-to-image',
    input: { prompt: 'a red fox in a snowy forest at dawn' },
  });
  return [
    `curl -s ${apiUrl}/v1/jobs`,
    `-H 'authorization: Bearer ${apiKey}'`,
    "-H 'content-type: application/json'",
    `-d '${body}'`,
  ].join(' \\\n    ');
}
