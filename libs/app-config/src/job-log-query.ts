const LIMIT = 10_000;

/**
 * The query of CloudWatch Logs Insights for all that was logged about a job, its deliveries included, in the order of time.
 * @param jobId or what is to be replaced by one
 */
export function jobLogQuery(jobId: string): string {
  return [
    'fields @timestamp, level, service, message, attempt, tenantId, traceId, @log',
    `| filter jobId = "${jobId}" or subject = "${jobId}"`,
    '| sort @timestamp asc',
    `| limit ${LIMIT}`,
  ].join('\n');
}
