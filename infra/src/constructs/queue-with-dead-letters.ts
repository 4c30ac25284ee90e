import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface QueueWithDeadLettersProps {
  /** The dead-letter queue is `<name>-dlq`. */
  readonly queueName: string;
  readonly visibilityTimeout: Duration;
  /** Receives after which a message is a dead letter. */
  readonly maxReceiveCount: number;
}

/** How long a dead letter waits for somebody to look at it: SQS's maximum. */
const DEAD_LETTER_RETENTION = Duration.days(14);
const RETENTION = Duration.days(4);

/** Of every queue: encrypted at rest, TLS only, and gone with its stack, for the truth is in the table. */
export const QUEUE_DEFAULTS = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.DESTROY,
} as const;

/** A queue for messages that nobody could take: kept as long as SQS can. */
export function deadLetterQueue(scope: Construct, id: string, queueName: string): Queue {
  return new Queue(scope, id, { ...QUEUE_DEFAULTS, queueName, retentionPeriod: DEAD_LETTER_RETENTION });
}

/** A queue and the queue for its poison messages. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    const { queueName, visibilityTimeout, maxReceiveCount } = props;
    const deadLetters = deadLetterQueue(this, 'DeadLetters', `${queueName}-dlq`);
    this.deadLetters = deadLetters;
    this.queue = new Queue(this, 'Queue', {
      ...QUEUE_DEFAULTS,
      queueName,
      visibilityTimeout,
      retentionPeriod: RETENTION,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    });
  }
}
