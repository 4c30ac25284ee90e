import { jobLogQuery } from '@afterimage/app-config';

export interface LogsLinkProps {
  readonly region: string;
  readonly logGroups: readonly string[];
}

const JOB_ID = '{jobId}';
/** CloudWatch's console escapes what JSURL (https://github.com/Sage/jsurl) writes once more, and with its own sign. */
const OUTER = { '~': '$257E', '(': '$2528', ')': '$2529', "'": '$2527' } as const;

/** A text as JSURL has it. */
function escaped(text: string): string {
  return text.replaceAll(/[^\w.-]/g, (sign) => `*${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/**
 * Opens CloudWatch Logs Insights with the query for a job, over the time since it was created; `{jobId}` and `{ageSeconds}` are
 * left to be filled in.
 */
export function logsLink({ region, logGroups }: LogsLinkProps): string {
  const query = escaped(jobLogQuery(JOB_ID)).replaceAll(escaped(JOB_ID), JOB_ID);
  const source = logGroups.map((name) => `~'${escaped(name)}`).join('');
  const detail =
    "~(end~0~start~-{ageSeconds}~timeType~'RELATIVE~unit~'seconds" +
    `~editorString~'${query}~isLiveTail~false~source~(${source}))`;
  const place = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  const argument = detail.replaceAll(/[~()']/g, (sign) => OUTER[sign as keyof typeof OUTER]);
  return `${place}#logsV2:logs-insights$3FqueryDetail$3D${argument}`;
}
