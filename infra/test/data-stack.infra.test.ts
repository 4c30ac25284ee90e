import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { createTableInput, JOB_TABLE } from '@afterimage/job-aws/job-table';
import { synthStage, templateOf } from './support/synth-stage.ts';

const stage = synthStage('prod');
const data = templateOf(stage, 'Data');
const pools = stage.context.pools.pools.map(({ name }) => name);
const resources = (type: string) => Object.values(data.findResources(type));
const propertiesOf = (type: string) => resources(type).map(({ Properties }) => Properties);

describe('the jobs table', () => {
  const [table] = resources('AWS::DynamoDB::GlobalTable');
  const expected = createTableInput('afterimage-prod-jobs');

  it('is the one that the adapters know', () => {
    expect(table?.['Properties']).toMatchObject({
      TableName: expected.TableName,
      BillingMode: expected.BillingMode,
      KeySchema: expected.KeySchema,
      TimeToLiveSpecification: { AttributeName: JOB_TABLE.timeToLive, Enabled: true },
    });
    const byName = (a: { IndexName?: string }, b: { IndexName?: string }) =>
      (a.IndexName ?? '').localeCompare(b.IndexName ?? '');
    expect(table?.['Properties'].GlobalSecondaryIndexes.toSorted(byName)).toMatchObject(
      expected.GlobalSecondaryIndexes?.toSorted(byName) ?? [],
    );
  });

  it('can be brought back to any second, and stays when the stack goes', () => {
    expect(table).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(table?.['Properties'].Replicas).toMatchObject([
      { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
  });
});

describe('every bucket', () => {
  it('is private, encrypted and stays when the stack goes', () => {
    const buckets = resources('AWS::S3::Bucket');

    expect(buckets).toHaveLength(4);
    for (const bucket of buckets) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          BucketEncryption: { ServerSideEncryptionConfiguration: expect.any(Array) },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      });
    }
  });

  it('refuses whatever does not come over TLS', () => {
    const policies = propertiesOf('AWS::S3::BucketPolicy');

    expect(policies).toHaveLength(4);
    for (const { PolicyDocument } of policies) {
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it('forgets outputs and uploads when their time is over, and previews after a day', () => {
    const daysOf = (name: string, prefix?: string) => {
      const bucket = propertiesOf('AWS::S3::Bucket').find(({ BucketName }) =>
        JSON.stringify(BucketName).includes(name),
      );
      const rules: { ExpirationInDays?: number; Prefix?: string }[] = bucket?.['LifecycleConfiguration'].Rules ?? [];
      return rules.flatMap(({ ExpirationInDays: days, Prefix }) =>
        days === undefined || Prefix !== prefix ? [] : [days],
      );
    };

    expect([daysOf('-outputs-'), daysOf('-inputs-')]).toEqual([[31], [7]]);
    expect(daysOf('-outputs-', 'previews/')).toEqual([1]);
  });
});

describe('messages', () => {
  it('are encrypted and come over TLS', () => {
    for (const topic of propertiesOf('AWS::SNS::Topic')) expect(topic).toHaveProperty('KmsMasterKeyId');
    const queues = propertiesOf('AWS::SQS::Queue');
    for (const queue of queues) expect(queue).toMatchObject({ SqsManagedSseEnabled: true });
    expect(data.findResources('AWS::SQS::QueuePolicy')).not.toEqual({});
    for (const { PolicyDocument } of [
      ...propertiesOf('AWS::SQS::QueuePolicy'),
      ...propertiesOf('AWS::SNS::TopicPolicy'),
    ]) {
      expect(PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
    expect(propertiesOf('AWS::SQS::QueuePolicy')).toHaveLength(queues.length);
  });

  it.each(pools.flatMap((pool) => ['interactive', 'batch'].map((priority) => ({ pool, priority }))))(
    'of the pool $pool and the priority $priority have a queue and one for dead letters',
    ({ pool, priority }) => {
      const name = `afterimage-prod-${pool}-${priority}`;
      const [queue] = Object.keys(data.findResources('AWS::SQS::Queue', { Properties: { QueueName: name } }));
      const [deadLetters] = Object.keys(
        data.findResources('AWS::SQS::Queue', { Properties: { QueueName: `${name}-dlq` } }),
      );

      expect(data.findResources('AWS::SQS::Queue', { Properties: { QueueName: name } })[queue ?? '']).toMatchObject({
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] }, maxReceiveCount: 20 },
        },
      });
      data.resourceCountIs('AWS::SNS::Subscription', 2 * pools.length + 1);
      data.hasResourceProperties('AWS::SNS::Subscription', {
        Endpoint: { 'Fn::GetAtt': [queue, 'Arn'] },
        RawMessageDelivery: true,
        FilterPolicy: { pool: [pool], priority: [priority] },
        FilterPolicyScope: Match.absent(),
        RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
      });
    },
  );

  it('that are dead are kept for two weeks', () => {
    const dead = propertiesOf('AWS::SQS::Queue').filter(({ QueueName }) => /-(dlq|undelivered)$/.test(QueueName));

    expect(dead).toHaveLength(2 * pools.length + 3);
    for (const queue of dead) expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
  });

  it('carry their trace from SNS to SQS', () => {
    for (const topic of propertiesOf('AWS::SNS::Topic')) expect(topic).toMatchObject({ TracingConfig: 'Active' });
    data.hasResourceProperties('AWS::XRay::ResourcePolicy', { PolicyName: 'afterimage-prod-sns-tracing' });
  });
});

describe('models', () => {
  it('have an encrypted file system with a mount target in each zone', () => {
    data.hasResourceProperties('AWS::EFS::FileSystem', { Encrypted: true });
    expect(propertiesOf('AWS::EFS::MountTarget')).toHaveLength(stage.context.config.availabilityZones.length);
  });
});

describe('a stage that may be deleted', () => {
  it('takes its data along', () => {
    const dev = templateOf(synthStage('dev'), 'Data');

    expect(Object.values(dev.findResources('AWS::DynamoDB::GlobalTable'))).toMatchObject([
      { DeletionPolicy: 'Delete' },
    ]);
    for (const bucket of Object.values(dev.findResources('AWS::S3::Bucket'))) {
      expect(bucket).toMatchObject({ DeletionPolicy: 'Delete' });
    }
  });
});
