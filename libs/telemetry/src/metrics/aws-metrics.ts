/** A metric that AWS writes, as its documentation has it. */
export interface AwsMetric {
  /** What it is measured along; each of ours is watched with exactly these. */
  readonly dimensions: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly documentation: string;
}

const DOCS = 'https://docs.aws.amazon.com';

/** The metrics of AWS that alarms and dashboards use, by namespace. */
export const AWS_METRICS = {
  'AWS/ApiGateway': {
    dimensions: ['ApiName', 'Stage'],
    documentation: `${DOCS}/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html`,
    names: {
      Count: 'Requests.',
      '4XXError': 'Requests answered with 4xx.',
      '5XXError': 'Requests answered with 5xx; as an average, their share.',
      Latency: 'From the request to its answer.',
    },
  },
  'AWS/Lambda': {
    dimensions: ['FunctionName'],
    documentation: `${DOCS}/lambda/latest/dg/monitoring-metrics-types.html`,
    names: {
      Invocations: 'Invocations that began.',
      Errors: 'Invocations that ended without a result.',
      Throttles: 'Invocations that were refused.',
    },
  },
  'AWS/SQS': {
    dimensions: ['QueueName'],
    documentation: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html`,
    names: {
      ApproximateAgeOfOldestMessage: 'Seconds since the oldest message was sent.',
      ApproximateNumberOfMessagesVisible: 'Messages that wait: the depth, also of queues of dead letters.',
      NumberOfMessagesReceived: 'Messages handed out.',
      NumberOfEmptyReceives: 'Calls that found nothing: somebody asks.',
    },
  },
  'AWS/DynamoDB': {
    dimensions: ['TableName'],
    documentation: `${DOCS}/amazondynamodb/latest/developerguide/metrics-dimensions.html`,
    names: { ReadThrottleEvents: 'Reads that were refused.', WriteThrottleEvents: 'Writes that were refused.' },
  },
  ContainerInsights: {
    dimensions: ['ClusterName', 'Namespace', 'PodName'],
    documentation: `${DOCS}/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html`,
    names: {
      pod_number_of_container_restarts: 'Restarts of the containers of a Deployment’s pods.',
      pod_gpu_utilization: 'Share of time in which the GPUs of the pods work, by DCGM.',
      pod_gpu_memory_utilization: 'Share of GPU memory that the pods use, by DCGM.',
    },
  },
} as const satisfies Readonly<Record<string, AwsMetric>>;

export type AwsNamespace = keyof typeof AWS_METRICS;
export type AwsMetricName<N extends AwsNamespace> = keyof (typeof AWS_METRICS)[N]['names'] & string;
