import { describe, expect, it } from 'vitest';
import { alarmsOf } from '../src/observability/alarms.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const stage = synthStage('example');
const observability = templateOf(stage, 'Observability');
const propertiesOf = (type: string) =>
  Object.values(observability.findResources(type)).map(({ Properties }) => Properties);

const specs = alarmsOf(stage.context);
const alarms = [...propertiesOf('AWS::CloudWatch::Alarm'), ...propertiesOf('AWS::CloudWatch::CompositeAlarm')];
const toTopic = (name: string) => (alarm: Record<string, unknown>) =>
  JSON.stringify(alarm['AlarmActions']).includes(name);

describe('the alarms', () => {
  it('have names of their own', () => {
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    expect(new Set(alarms.map(({ AlarmName }) => AlarmName)).size).toBe(alarms.length);
  });

  it('say how bad it is, what users lose, where to look, and where the runbook is', () => {
    const dashboards = propertiesOf('AWS::CloudWatch::Dashboard').map(({ DashboardName }) => DashboardName);

    expect(dashboards.toSorted()).toEqual(['cost', 'pools', 'service'].map((name) => `afterimage-example-${name}`));
    for (const { AlarmDescription } of alarms) {
      const said =
        /^\[(?:page|ticket)\] [A-Z].*\. View: https:\S+#dashboards\/dashboard\/(\S+) Runbook: docs\/runbook\.md#[a-z-]+$/;
      expect(dashboards).toContain(said.exec(AlarmDescription)?.[1]);
    }
  });

  it('tell somebody, by their severity; those that burn together are told as one', () => {
    const told = alarms.filter(({ AlarmActions }) => AlarmActions !== undefined);
    const together = new Set(specs.flatMap((spec) => (spec.together === undefined ? [] : [spec.together])));

    expect(told).toHaveLength(specs.filter((spec) => spec.together === undefined).length + together.size);
    for (const alarm of told) {
      const severity = /^\[(\w+)\]/.exec(String(alarm['AlarmDescription']))?.[1] ?? 'none';
      expect(toTopic(`Topics${severity}`)(alarm)).toBe(true);
    }
  });

  it('watch each queue for dead letters', () => {
    const queues = Object.values(templateOf(stage, 'Data').findResources('AWS::SQS::Queue'))
      .map(({ Properties }) => String(Properties.QueueName))
      .filter((name) => /-(dlq|undelivered)$/.test(name));
    const watched = propertiesOf('AWS::CloudWatch::Alarm')
      .filter(({ MetricName, Threshold }) => MetricName === 'ApproximateNumberOfMessagesVisible' && Threshold === 0)
      .map(({ Dimensions }) => Dimensions[0].Value);

    expect(watched.toSorted()).toEqual(queues.toSorted());
  });

  it('watch resources that are there', () => {
    const names = JSON.stringify(['Data', 'Api', 'Notifier', 'Cluster'].map((id) => templateOf(stage, id).toJSON()));
    const all = propertiesOf('AWS::CloudWatch::Alarm').flatMap(({ Dimensions = [], Metrics = [] }) => [
      ...Dimensions,
      ...Metrics.flatMap((metric: { MetricStat?: { Metric: { Dimensions: object[] } } }) =>
        metric.MetricStat === undefined ? [] : metric.MetricStat.Metric.Dimensions,
      ),
    ]);
    const own = all.filter(({ Value }) => String(Value).startsWith('afterimage-example-'));

    expect(own.length).toBeGreaterThan(20);
    for (const { Value } of own) expect(names).toContain(`"${Value}"`);
  });

  it('ring when the reconciler is silent', () => {
    observability.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'afterimage-example-reconciler-silent',
      TreatMissingData: 'breaching',
    });
    expect(specs.filter(({ silenceRings }) => silenceRings === true).map(({ name }) => name)).toEqual([
      'reconciler-silent',
    ]);
  });
});

describe('the rest', () => {
  it('groups the traces of requests, and of those that failed', () => {
    expect(propertiesOf('AWS::XRay::Group').map(({ FilterExpression }) => FilterExpression)).toEqual([
      'service("afterimage-example-api/live")',
      'service("afterimage-example-api/live") AND fault = true',
    ]);
  });

  it('traces more of the requests that make jobs than of the others', () => {
    const rules = propertiesOf('AWS::XRay::SamplingRule').map(({ SamplingRule }) => SamplingRule);

    expect(rules).toMatchObject([
      {
        Priority: 100,
        HTTPMethod: 'POST',
        ReservoirSize: 50,
        FixedRate: 0.5,
        ServiceName: 'afterimage-example-api/live',
      },
      { Priority: 200, HTTPMethod: '*', ReservoirSize: 2, FixedRate: 0.01, ServiceName: 'afterimage-example-api/live' },
    ]);
  });

  it('tells of the budget at 80 and at 100 percent, where there is one', () => {
    const [budget] = propertiesOf('AWS::Budgets::Budget');

    expect(budget?.['Budget']).toMatchObject({ BudgetLimit: { Amount: 2000, Unit: 'USD' }, TimeUnit: 'MONTHLY' });
    expect(
      budget?.['NotificationsWithSubscribers'].map((each: { Notification: object }) => each.Notification),
    ).toMatchObject([{ Threshold: 80 }, { Threshold: 100 }]);
    templateOf(synthStage('dev'), 'Observability').resourceCountIs('AWS::Budgets::Budget', 0);
  });

  it('needs no other stack to be deployed', () => {
    expect(JSON.stringify(observability.toJSON())).not.toContain('Fn::GetStackOutput');
  });
});
