/** What is measured, each beside the bare handler that has the same clients of AWS. */
export const FUNCTIONS = {
  'api-authorizer': 'dynamo',
  'submit-api': 'dynamo-sns',
  'wait-api': 'dynamo',
  'status-api': 'dynamo-sns-s3',
  'webhook-api': 'dynamo-sqs',
  'result-notifier': 'dynamo-sns-s3-sqs',
  'job-reconciler': 'dynamo-sns-s3-sqs',
} as const;

export type FunctionName = keyof typeof FUNCTIONS;
