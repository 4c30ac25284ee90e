import type { JobChange, JobGuard } from '@afterimage/job-core';
import { toStoredInput } from './job-item.ts';
import { dueKeys } from './job-table.ts';

/** The expressions of one conditional update. */
export interface CompiledChange {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/** Hands out the placeholders of the expressions: many attribute names are reserved words. */
class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};

  name(attribute: string): string {
    this.names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }

  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }
}

/** A job that does not exist has no status, so that no guard holds of it. */
function compileGuard(guard: JobGuard, at: Placeholders): string {
  const conditions = [`${at.name('status')} IN (${guard.status.map((status) => at.value(status)).join(', ')})`];
  const compare = (attribute: string, operator: string, operand: string | number | undefined) => {
    if (operand !== undefined) conditions.push(`${at.name(attribute)} ${operator} ${at.value(operand)}`);
  };
  compare('attempt', '=', guard.attempt);
  compare('token', '=', guard.token);
  compare('version', '=', guard.version);
  compare('dueAt', '<=', guard.dueBy);
  compare('startDeadlineAt', '>', guard.startDeadlineAfter);
  compare('startDeadlineAt', '<=', guard.startDeadlineBy);
  return conditions.join(' AND ');
}

function compileAttempts({ startsAttempt, endsAttempt }: JobChange, at: Placeholders): string[] {
  if (startsAttempt !== undefined && endsAttempt !== undefined) {
    throw new TypeError('one change cannot both end and start an attempt: DynamoDB refuses overlapping paths');
  }
  if (startsAttempt !== undefined) {
    const attempts = at.name('attempts');
    return [`${attempts} = list_append(${attempts}, ${at.value([startsAttempt])})`];
  }
  if (endsAttempt === undefined) return [];
  const { number, ...ending } = endsAttempt;
  return Object.entries(ending).map(
    ([field, value]) => `${at.name('attempts')}[${number - 1}].${at.name(field)} = ${at.value(value)}`,
  );
}

/** An item that is older than the timelines has none to append to. */
function compileTimeline({ timelineEntry }: JobChange, at: Placeholders): string[] {
  if (timelineEntry === undefined) return [];
  const timeline = at.name('timeline');
  return [`${timeline} = list_append(if_not_exists(${timeline}, ${at.value([])}), ${at.value([timelineEntry])})`];
}

/** Compiles a transition to one conditional update of the item of the job. */
export function compileChange(jobId: string, change: JobChange): CompiledChange {
  const at = new Placeholders();
  const { dueAt, ...given } = change.set;
  const attributes = given.input === undefined ? given : { ...given, input: toStoredInput(given.input) };
  const condition = compileGuard(change.guard, at);
  const sets = Object.entries({ ...attributes, ...(dueAt === undefined ? {} : dueKeys(jobId, dueAt)) }).map(
    ([attribute, value]) => `${at.name(attribute)} = ${at.value(value)}`,
  );
  if (attributes.status !== undefined) {
    sets.push(`${at.name('tenantStatus')} = ${at.name('tenantStatusBy')}.${at.name(attributes.status)}`);
  }
  sets.push(...compileAttempts(change, at), ...compileTimeline(change, at));
  // Without their sort key the indexes of lists do not have the item: a tombstone is found by its id alone.
  const removed = [
    ...(dueAt === null ? ['dueShard', 'dueAt'] : []),
    ...(typeof given.erasedAt === 'string' ? ['createdAtId'] : []),
  ];
  const clauses = [
    ...(sets.length === 0 ? [] : [`SET ${sets.join(', ')}`]),
    ...(removed.length === 0 ? [] : [`REMOVE ${removed.map((name) => at.name(name)).join(', ')}`]),
    ...(change.bumpsVersion ? [`ADD ${at.name('version')} ${at.value(1)}`] : []),
  ];
  return {
    UpdateExpression: clauses.join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: at.names,
    ExpressionAttributeValues: at.values,
  };
}
