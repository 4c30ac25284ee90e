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
import { CfnGroup } from 'aws-cdk-lib/aws-xray';
import type { Construct } from 'constructs';
import { AlarmTopics } from '../constructs/alarm-topics.ts';
import type { AlarmSpec } from '../observability/alarm-spec.ts';
import { alarmsOf } from '../observability/alarms.ts';
import { dashboard } from '../observability/dashboard.ts';
import { resourceName, stackProps, type StageContext } from '../stage-context.ts';

/** Shares of the budget that are told, in percent. */
const BUDGET_SHARES = [80, 100];

function describe({ severity, loss, runbook }: AlarmSpec): string {
  return `[${severity}] ${loss} Runbook: docs/runbook.md#${runbook}`;
}

/** Who is told when: dashboards, alarms, trace groups and the budget. It watches the others by their names alone. */
export class ObservabilityStack extends Stack {
  readonly #context: StageContext;
  readonly #topics: AlarmTopics;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id, stackProps(context, 'observability', 'dashboard, alarms, trace groups and budget'));
    this.#context = context;
    this.#topics = new AlarmTopics(this, 'Topics', context);
    dashboard(this, 'Overview', context);
    this.#alarms(alarmsOf(context));
    this.#traceGroups();
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
        alarmDescription: describe(first.spec),
        alarmRule: AlarmRule.allOf(...alarms.map(({ alarm }) => alarm)),
      });
      this.#tell(first.spec, composite);
    }
  }

  #alarm(spec: AlarmSpec): Alarm {
    return new Alarm(this, spec.name, {
      alarmName: resourceName(this.#context.config, spec.name),
      alarmDescription: describe(spec),
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
