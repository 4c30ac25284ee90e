import type { JobChange } from '@afterimage/job-core';
import { describe, expect, it } from 'vitest';
import { compileChange } from './compile-change.ts';
import { dueShardOf } from './job-table.ts';

const JOB = 'job_0123456789ABCDEFGHJKMNPQRS';
const T1 = '2026-01-01T00:00:01.000Z';
const T2 = '2026-01-01T00:00:02.000Z';
const guard: JobChange['guard'] = { status: ['queued'] };
const started = { number: 1, outcome: null, reason: null, startedAt: T1, endedAt: null };
const ended = { number: 3, outcome: 'lost', reason: 'drain', endedAt: T2 } as const;

/** The expressions with their placeholders filled in. */
function readable(change: JobChange): { update: string; condition: string } {
  const compiled = compileChange(JOB, change);
  const fill = (expression: string) =>
    expression
      .replaceAll(/#\w+/g, (name) => compiled.ExpressionAttributeNames[name] ?? name)
      .replaceAll(/:\w+/g, (value) => JSON.stringify(compiled.ExpressionAttributeValues[value]) ?? value);
  return { update: fill(compiled.UpdateExpression), condition: fill(compiled.ConditionExpression) };
}

describe('compileChange', () => {
  it('compiles every part of a guard', () => {
    const { condition } = readable({
      guard: {
        status: ['running', 'canceling'],
        attempt: 2,
        token: 't',
        version: 7,
        dueBy: T1,
        startDeadlineAfter: T1,
        startDeadlineBy: T2,
      },
      set: { pool: 'a' },
      bumpsVersion: false,
    });

    expect(condition).toBe(
      `status IN ("running", "canceling") AND attempt = 2 AND token = "t" AND version = 7 AND dueAt <= "${T1}"` +
        ` AND startDeadlineAt > "${T1}" AND startDeadlineAt <= "${T2}"`,
    );
  });

  it('keeps the list index in step with the status, and null as a value', () => {
    const { update } = readable({ guard, set: { status: 'canceled', phase: null }, bumpsVersion: true });

    expect(update).toBe('SET status = "canceled", phase = null, tenantStatus = tenantStatusBy.canceled ADD version 1');
  });

  it('moves the job in the index of what is due', () => {
    expect(readable({ guard, set: { dueAt: T1 }, bumpsVersion: false }).update).toBe(
      `SET dueShard = "${dueShardOf(JOB)}", dueAt = "${T1}"`,
    );
  });

  it('takes the job out of the index of what is due', () => {
    expect(readable({ guard, set: { isAnnounced: true, dueAt: null }, bumpsVersion: false }).update).toBe(
      'SET isAnnounced = true REMOVE dueShard, dueAt',
    );
  });

  it('appends an attempt', () => {
    expect(readable({ guard, set: {}, bumpsVersion: false, startsAttempt: started }).update).toBe(
      `SET attempts = list_append(attempts, [${JSON.stringify(started)}])`,
    );
  });

  it('appends to the timeline in the same update, also where there is none yet', () => {
    const timelineEntry = { at: T1, phase: 'inferring' } as const;

    expect(readable({ guard, set: {}, bumpsVersion: true, timelineEntry }).update).toBe(
      `SET timeline = list_append(if_not_exists(timeline, []), [${JSON.stringify(timelineEntry)}]) ADD version 1`,
    );
  });

  it('closes the attempt of its number', () => {
    expect(readable({ guard, set: {}, bumpsVersion: true, endsAttempt: ended }).update).toBe(
      `SET attempts[2].outcome = "lost", attempts[2].reason = "drain", attempts[2].endedAt = "${T2}" ADD version 1`,
    );
  });

  it('refuses to end and start an attempt in one update', () => {
    const change = { guard, set: {}, bumpsVersion: true, startsAttempt: started, endsAttempt: ended };

    expect(() => compileChange(JOB, change)).toThrow(TypeError);
  });

  it('names and gives nothing that its expressions do not use', () => {
    const compiled = compileChange(JOB, { guard, set: { dueAt: null }, bumpsVersion: true, endsAttempt: ended });
    const text = `${compiled.UpdateExpression} ${compiled.ConditionExpression}`;
    const used = new Set(text.match(/[#:]\w+/g));

    expect(used).toStrictEqual(
      new Set([...Object.keys(compiled.ExpressionAttributeNames), ...Object.keys(compiled.ExpressionAttributeValues)]),
    );
  });
});
