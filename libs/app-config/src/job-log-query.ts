const LIMIT = 10_000;

/** Under which the cluster's agent (Fluent Bit of Container Insights) puts the fields of a line that a pod wrote. */
const OF_POD = 'log_processed';
/** Columns, by the fields that they show. */
const COLUMNS = {
  severity: 'level',
  app: 'service',
  text: 'message',
  attemptNumber: 'attempt',
  tenant: 'tenantId',
  trace: 'traceId',
};

/**
 * The query of CloudWatch Logs Insights for all that functions and pods logged about a job, its deliveries included, in the order
 * of time.
 * @param jobId or what is to be replaced by one
 */
export function jobLogQuery(jobId: string): string {
  const columns = Object.entries(COLUMNS).map(
    ([column, field]) => `coalesce(${field}, ${OF_POD}.${field}) as ${column}`,
  );
  const isOfJob = ['jobId', `${OF_POD}.jobId`, 'subject'].map((field) => `${field} = "${jobId}"`);
  return [
    `fields @timestamp, ${columns.join(', ')}, @log`,
    `| filter ${isOfJob.join(' or ')}`,
    '| sort @timestamp asc',
    `| limit ${LIMIT}`,
  ].join('\n');
}
