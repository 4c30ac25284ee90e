import { alarmSchema } from '@afterimage/admin-schemas';
import { describe, expect, it } from 'vitest';
import { toAlarm } from './cloudwatch-alarms.ts';

const DESCRIBED = {
  AlarmName: 'afterimage-prod-jobs-fail-fast',
  AlarmDescription:
    '[page] Jobs end without pictures. View: https://console.aws.amazon.com/cloudwatch Runbook: docs/runbook.md#jobs-fail',
  StateValue: 'ALARM',
  StateUpdatedTimestamp: new Date('2026-11-22T12:05:00.000Z'),
  StateTransitionedTimestamp: new Date('2026-11-22T12:00:00.000Z'),
};

describe('an alarm of the deployment', () => {
  it('tells what users lose, and where to read on', () => {
    expect(alarmSchema.strict().parse(toAlarm('afterimage-prod-', DESCRIBED))).toEqual({
      name: 'jobs-fail-fast',
      state: 'alarm',
      severity: 'page',
      meaning: 'Jobs end without pictures.',
      since: '2026-11-22T12:00:00.000Z',
      runbook: 'jobs-fail',
    });
  });

  it('needs no view of its own', () => {
    const AlarmDescription = '[ticket] Jobs wait. Runbook: docs/runbook.md#jobs-wait';
    expect(toAlarm('', { ...DESCRIBED, AlarmDescription })).toMatchObject({
      severity: 'ticket',
      meaning: 'Jobs wait.',
    });
  });

  it.each([
    ['OK', 'ok'],
    ['INSUFFICIENT_DATA', 'unknown'],
    [undefined, 'unknown'],
  ])('of state %s is %s', (StateValue, state) => {
    expect(toAlarm('', { ...DESCRIBED, StateValue })).toMatchObject({ state });
  });

  it('is passed over when somebody else made it', () => {
    expect(toAlarm('', { ...DESCRIBED, AlarmDescription: 'my own' })).toBeUndefined();
    expect(toAlarm('', { AlarmName: 'nameless' })).toBeUndefined();
  });
});
