import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Severity } from '../observability/alarm-spec.ts';
import { dataRemoval, resourceName, type StageContext } from '../stage-context.ts';

/** Services of AWS that tell of alarms and costs. */
const SENDERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

/** Where alarms are told, by severity. */
export class AlarmTopics extends Construct {
  readonly page: Topic;
  readonly ticket: Topic;

  constructor(scope: Construct, id: string, { config }: StageContext) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: `Alarms of Afterimage ${config.stage}`,
      enableKeyRotation: true,
      removalPolicy: dataRemoval(config),
    });
    const topic = (severity: Severity) => {
      const created = new Topic(this, severity, {
        topicName: resourceName(config, `alarms-${severity}`),
        masterKey: key,
        enforceSSL: true,
      });
      for (const sender of SENDERS) created.grantPublish(new ServicePrincipal(sender));
      if (config.alarms.email !== undefined) created.addSubscription(new EmailSubscription(config.alarms.email));
      return created;
    };
    this.page = topic('page');
    this.ticket = topic('ticket');
  }
}
