import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  TreatMissingData,
  type AlarmBase,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnGroup, CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { AlarmTopics } from '../constructs/alarm-topics.ts';
import type { AlarmSpec, DashboardName } from '../observability/alarm-spec.ts';
import { alarmsOf } from '../observability/alarms.ts';
import { serviceDashboard } from '../observability/dashboard.ts';
import { costDashboard, poolsDashboard } from '../observability/pool-dashboards.ts';
import { resourceName, stackProps, type StageContext } from '../stage-context.ts';

/** Shares of the budget that are told, in percent. */
const BUDGET_SHARES = [80, 100];

/** Where CloudWatch's console shows a dashboard of the stage. */
function consoleUrl({ config }: StageContext, view: DashboardName): string {
  const { region } = config;
  const name = resourceName(config, view);
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}

function describe(context: StageContext, { severity, loss, view, runbook }: AlarmSpec): string {
  return `[${severity}] ${loss} View: ${consoleUrl(context, view)} Runbook: docs/runbook.md#${runbook}`;
}

/** Who is told when: dashboards, alarms, trace groups and the budget. It watches the others by their names alone. */
export class ObservabilityStack extends Stack {
  readonly #context: StageContext;
  readonly #topics: AlarmTopics;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id, stackProps(context, 'observability', 'dashboard, alarms, trace groups and budget'));
    this.#context = context;
    this.#topics = new AlarmTopics(this, 'Topics', context);
    serviceDashboard(this, 'Service', context);
    poolsDashboard(this, 'Pools', context);
    costDashboard(this, 'Cost', context);
    this.#alarms(alarmsOf(context));
    this.#traceGroups();
    this.#samplingRules();
    this.#budget();
  }

  #alarms(specs: readonly AlarmSpec[]): void {
    for (const [together, group] of Map.groupBy(specs, (spec) => spec.together ?? null)) {
      const alarms = group.map((spec) => ({ spec, alarm: this.#alarm(spec) }));
      const [first] = alarms;
      if (together === null || first === undefined) {
        for (const { spec, alarm } of alarms) this.#tell(spec, alarm);
        continue;
      }
      const composite = new CompositeAlarm(this, `${together}-together`, {
        compositeAlarmName: resourceName(this.#context.config, together),
        alarmDescription: describe(this.#context, first.spec),
        alarmRule: AlarmRule.allOf(...alarms.map(({ alarm }) => alarm)),
      });
      this.#tell(first.spec, composite);
    }
  }

  #alarm(spec: AlarmSpec): Alarm {
    return new Alarm(this, spec.name, {
      alarmName: resourceName(this.#context.config, spec.name),
      alarmDescription: describe(this.#context, spec),
      metric: spec.metric,
      threshold: spec.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: spec.periods ?? 1,
      treatMissingData: spec.silenceRings === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  #tell({ severity }: AlarmSpec, alarm: AlarmBase): void {
    const action = new SnsAction(this.#topics[severity]);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** Traces of requests that failed, and of all that came through the API. */
  #traceGroups(): void {
    const { config } = this.#context;
    const api = `service("${resourceName(config, 'api')}/live")`;
    for (const [name, filterExpression] of Object.entries({ requests: api, faults: `${api} AND fault = true` })) {
      new CfnGroup(this, `Traces-${name}`, {
        groupName: resourceName(config, name),
        filterExpression,
        insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
      });
    }
  }

  /** Which requests are traced; whatever a request leads to follows its decision. The rule with the lower number goes first. */
  #samplingRules(): void {
    const { config } = this.#context;
    const { submissions, others } = config.tracing;
    const rules = [
      { name: 'submissions', priority: 100, httpMethod: 'POST', sampling: submissions },
      { name: 'others', priority: 200, httpMethod: '*', sampling: others },
    ];
    for (const { name, priority, httpMethod, sampling } of rules) {
      new CfnSamplingRule(this, `Sampling-${name}`, {
        samplingRule: {
          ruleName: resourceName(config, name),
          version: 1,
          priority,
          httpMethod,
          host: '*',
          urlPath: '*',
          resourceArn: '*',
          serviceName: `${resourceName(config, 'api')}/live`,
          serviceType: 'AWS::ApiGateway::Stage',
          reservoirSize: sampling.perSecond,
          fixedRate: sampling.share,
        },
      });
    }
  }

  #budget(): void {
    const { monthlyBudgetUsd: amount } = this.#context.config.alarms;
    if (amount === undefined) return;
    const address = this.#topics.ticket.topicArn;
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: resourceName(this.#context.config, 'monthly'),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:stage$${this.#context.config.stage}`] },
      },
      notificationsWithSubscribers: BUDGET_SHARES.map((threshold) => ({
        notification: { notificationType: 'ACTUAL', comparisonOperator: 'GREATER_THAN', threshold },
        subscribers: [{ subscriptionType: 'SNS', address }],
      })),
    });
  }
}
