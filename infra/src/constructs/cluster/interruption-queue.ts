import { Duration } from 'aws-cdk-lib';
import { Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QUEUE_DEFAULTS } from '../queue-with-dead-letters.ts';

/** Everything that EC2 says about the end of a machine, by the name of its rule. */
const EVENTS: Readonly<Record<string, EventPattern>> = {
  SpotInterruption: { source: ['aws.ec2'], detailType: ['EC2 Spot Instance Interruption Warning'] },
  Rebalance: { source: ['aws.ec2'], detailType: ['EC2 Instance Rebalance Recommendation'] },
  StateChange: { source: ['aws.ec2'], detailType: ['EC2 Instance State-change Notification'] },
  CapacityReservation: { source: ['aws.ec2'], detailType: ['EC2 Capacity Reservation Instance Interruption Warning'] },
  Health: { source: ['aws.health'], detailType: ['AWS Health Event'] },
};

/** A notice of two minutes is of no use when it is older than this. */
const RETENTION = Duration.minutes(5);

/** The queue by which Karpenter learns that a machine is taken back, so that it drains the node and starts another. */
export class InterruptionQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, queueName: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', { ...QUEUE_DEFAULTS, queueName, retentionPeriod: RETENTION });
    for (const [name, eventPattern] of Object.entries(EVENTS)) {
      new Rule(this, name, { eventPattern, targets: [new SqsQueue(this.queue)] });
    }
  }
}
