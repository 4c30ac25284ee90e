import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/** `page` wakes somebody; `ticket` waits for the morning. */
export type Severity = 'page' | 'ticket';

/** The dashboards of a deployment. */
export type DashboardName = 'service' | 'pools' | 'cost';

/** An alarm as data. */
export interface AlarmSpec {
  /** Part of the alarm's name; unique. */
  readonly name: string;
  readonly severity: Severity;
  /** What users lose, in a sentence. */
  readonly loss: string;
  /** The dashboard to look at first. */
  readonly view: DashboardName;
  /** Heading of docs/runbook.md, as an anchor. */
  readonly runbook: string;
  readonly metric: IMetric;
  /** Rings above it; a metric without data is silent, unless `silenceRings`. */
  readonly above: number;
  /** Periods of the metric that have to be above, one after the other; 1 unless given. */
  readonly periods?: number;
  /** Nothing measured is as bad as too much. */
  readonly silenceRings?: true;
  /** Rings only together with the alarms of the same name here: a burn is fast, and has lasted. */
  readonly together?: string;
}
