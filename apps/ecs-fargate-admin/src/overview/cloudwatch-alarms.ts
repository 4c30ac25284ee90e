import type { Alarm } from '@afterimage/admin-schemas';
import { callAws } from '@afterimage/job-aws';
import { type AlarmType, type CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';

/** What CloudWatch tells of an alarm, of one metric or of several. */
export interface DescribedAlarm {
  readonly AlarmName?: string | undefined;
  readonly AlarmDescription?: string | undefined;
  readonly StateValue?: string | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
  readonly StateTransitionedTimestamp?: Date | undefined;
}

const TYPES: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
const PAGE_ALARMS = 100;
/** As the deployment describes each of its alarms. */
const DESCRIPTION = /^\[(page|ticket)\] (.+?)(?: View: \S+)? Runbook: \S+#(\S+)$/;
const STATES = { OK: 'ok', ALARM: 'alarm', INSUFFICIENT_DATA: 'unknown' } as const;
const stateSchema = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).catch('INSUFFICIENT_DATA');
const severitySchema = z.enum(['page', 'ticket']);

/** Undefined for an alarm that is not described as those of a deployment are. */
export function toAlarm(prefix: string, described: DescribedAlarm): Alarm | undefined {
  const [, severity, meaning, runbook] = DESCRIPTION.exec(described.AlarmDescription ?? '') ?? [];
  if (meaning === undefined || runbook === undefined) return undefined;
  const since = described.StateTransitionedTimestamp ?? described.StateUpdatedTimestamp;
  return {
    name: (described.AlarmName ?? '').slice(prefix.length),
    state: STATES[stateSchema.parse(described.StateValue)],
    severity: severitySchema.parse(severity),
    meaning,
    since: since?.toISOString() ?? null,
    runbook,
  };
}

/** The alarms of a deployment, by what their names begin with. */
export class CloudWatchAlarms {
  readonly #client: CloudWatchClient;
  readonly #prefix: string;

  constructor(client: CloudWatchClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  /** What rings comes first. */
  async read(): Promise<Alarm[]> {
    const alarms: Alarm[] = [];
    const input = { AlarmNamePrefix: this.#prefix, AlarmTypes: TYPES, MaxRecords: PAGE_ALARMS };
    await callAws('CloudWatch', async () => {
      for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
        { client: this.#client },
        input,
      )) {
        alarms.push(...[...MetricAlarms, ...CompositeAlarms].flatMap((each) => toAlarm(this.#prefix, each) ?? []));
      }
    });
    return alarms.toSorted((a, b) => Number(b.state === 'alarm') - Number(a.state === 'alarm'));
  }
}
