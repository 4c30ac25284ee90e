import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { synthStage, templateOf } from './support/synth-stage.ts';

const stage = synthStage('example');
const notifier = templateOf(stage, 'Notifier');
const functionOf = (name: string) => {
  const like = { Properties: { FunctionName: `afterimage-example-${name}` } };
  const [found] = Object.values(notifier.findResources('AWS::Lambda::Function', like));
  return z
    .object({ Timeout: z.int(), Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
    .parse(found?.['Properties']);
};

describe('the notifier', () => {
  const { Timeout, Environment } = functionOf('result-notifier');
  const [queue] = Object.values(
    templateOf(stage, 'Data').findResources('AWS::SQS::Queue', {
      Properties: { QueueName: 'afterimage-example-notifications' },
    }),
  );

  it('has time for a receiver that hangs, and for the calls of AWS around it', () => {
    const webhookSeconds = Number(Environment.Variables['WEBHOOK_TIMEOUT_MS']) / 1000;

    expect(Timeout).toBeGreaterThanOrEqual(2 * webhookSeconds);
  });

  it('keeps a message for six times its timeout, and tries it five times at least', () => {
    expect(queue?.['Properties'].VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(queue?.['Properties'].RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(5);
  });

  it('hands back the messages of a batch that failed, and no others', () => {
    expect(Object.values(notifier.findResources('AWS::Lambda::EventSourceMapping'))).toMatchObject([
      { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] } },
    ]);
  });

  it('can be called by nothing else, and is in no network', () => {
    notifier.resourceCountIs('AWS::Lambda::Permission', 0);
    notifier.resourceCountIs('AWS::Lambda::Url', 0);
    expect(JSON.stringify(notifier.toJSON())).not.toContain('VpcConfig');
  });
});

describe('what a stage can do without', () => {
  const frugal = synthStage('dev');
  const variablesOf = (synthesized: typeof stage) => {
    const like = { Properties: { FunctionName: Match.stringLikeRegexp('-result-notifier$') } };
    const [found] = Object.values(templateOf(synthesized, 'Notifier').findResources('AWS::Lambda::Function', like));
    return found?.['Properties'].Environment.Variables;
  };

  it('is a bus of events, which only the notifier may put events on', () => {
    templateOf(frugal, 'Data').resourceCountIs('AWS::Events::EventBus', 0);
    expect(JSON.stringify(templateOf(frugal, 'Notifier').toJSON())).not.toContain('events:PutEvents');
    expect(variablesOf(frugal)).not.toHaveProperty('EVENT_BUS');

    templateOf(stage, 'Data').hasResourceProperties('AWS::Events::EventBus', { Name: 'afterimage-example-events' });
    expect(JSON.stringify(notifier.toJSON()).match(/events:PutEvents/g)).toHaveLength(1);
    expect(variablesOf(stage)).toHaveProperty('EVENT_BUS');
  });

  it('is a callback when a job of the guidance starts', () => {
    expect(variablesOf(frugal)).toMatchObject({ LEGACY_RUNNING_CALLBACKS: 'false' });
    expect(variablesOf(stage)).toMatchObject({ LEGACY_RUNNING_CALLBACKS: 'true' });
  });
});

describe('the reconciler', () => {
  it('runs every minute, and ends before the next run', () => {
    notifier.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    expect(functionOf('job-reconciler').Timeout).toBeLessThan(60);
  });
});
