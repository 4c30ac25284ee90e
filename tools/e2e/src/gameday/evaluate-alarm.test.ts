import { describe, expect, it } from 'vitest';
import { alarmsOf } from '@afterimage/infra/alarms';
import { readStage } from '@afterimage/infra/stages';
import { crossing, valueOf } from './evaluate-alarm.ts';
import { datapointsIn } from './measured.ts';

function aLine(
  service: string,
  values: Readonly<Record<string, number | number[]>>,
  { pool = 'local', atMs = 1000 } = {},
): string {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'Afterimage', Dimensions: [['service'], ['service', 'pool']], Metrics }];
  return JSON.stringify({ _aws: { Timestamp: atMs, CloudWatchMetrics }, service, pool, ...values });
}

function alarmNamed(name: string) {
  const alarm = alarmsOf(readStage('dev')).find((each) => each.name === name);
  if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
  return alarm;
}

function valueOfAlarm(name: string, lines: readonly string[]): number | undefined {
  return valueOf(alarmNamed(name).metric, lines.flatMap(datapointsIn));
}

describe('the value of an alarm', () => {
  it('is of the metric under its own dimensions, each value once', () => {
    const lines = [
      aLine('gpu-worker', { MessagesPoison: 2 }),
      aLine('gpu-worker', { MessagesPoison: [1, 3] }, { pool: 'other' }),
      aLine('result-notifier', { MessagesPoison: 100 }),
      '{"level":"INFO","message":"job claimed"}',
    ];

    expect(valueOfAlarm('poison-messages', lines)).toBe(6);
  });

  it('is of its formula, also where one of the metrics has no value', () => {
    expect(valueOfAlarm('attempts-fail', [aLine('gpu-worker', { JobsRetried: 6, JobsSucceeded: 2 })])).toBe(0.75);
    expect(valueOfAlarm('attempts-fail', [aLine('gpu-worker', { JobsRetried: 6 })])).toBe(1);
    expect(valueOfAlarm('attempts-fail', [aLine('gpu-worker', { JobsRetried: 3 })])).toBe(0);
  });

  it('is a percentile where the alarm is on one', () => {
    const times = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(valueOfAlarm('queue-wait', [aLine('gpu-worker', { JobQueueTime: times })])).toBe(95);
  });

  it('is nothing without data', () => {
    expect(valueOfAlarm('poison-messages', [])).toBeUndefined();
  });
});

describe('the crossing of an alarm', () => {
  const retried = aLine('gpu-worker', { JobsRetried: 6 }, { atMs: 1000 });
  const succeeded = aLine('gpu-worker', { JobsSucceeded: 9 }, { atMs: 2000 });
  const crossingOf = (...lines: string[]) => crossing(alarmNamed('attempts-fail'), lines.flatMap(datapointsIn));

  it('is found however late one looks, and in whatever order the lines are', () => {
    expect(valueOfAlarm('attempts-fail', [retried, succeeded])).toBe(0.4);
    expect(crossingOf(succeeded, retried)).toBe(1);
  });

  it('is none where the metric never was above the threshold', () => {
    const early = aLine('gpu-worker', { JobsSucceeded: 9 }, { atMs: 500 });
    expect(crossingOf(retried, early)).toBe(0.4);
    expect(crossingOf()).toBeUndefined();
  });
});
