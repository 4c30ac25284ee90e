import type { AdminJob } from '@afterimage/admin-schemas';

/** A text in single quotes, as a POSIX shell reads it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that submits the same job again, with the client's own key in the variable `KEY`. */
export function asCurl({ model, task, input, output, policy, metadata }: AdminJob, apiUrl: string): string {
  return [
    `curl -s ${apiUrl}/v1/jobs`,
    '-H "authorization: Bearer $KEY"',
    "-H 'content-type: application/json'",
    `-d ${quoted(JSON.stringify({ model, task, input, output, policy, metadata }))}`,
  ].join(' \\\n  ');
}
