import { invalidFields, parseParameters, type Route } from '@afterimage/app-host/lambda';
import type { Clock, UsageStore } from '@afterimage/job-core';
import { dayOf, daysBetween, LIMITS, type Usage, usageQuerySchema } from '@afterimage/job-schemas';

export interface UsageRoutesPorts {
  readonly usage: Pick<UsageStore, 'ofDay'>;
  readonly now: Clock;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;

type Amounts = Usage['total'];

function sumOf(rows: readonly Amounts[]): Amounts {
  const sum = (field: keyof Amounts) => rows.reduce((all, row) => all + row[field], 0);
  return { jobs: sum('jobs'), images: sum('images'), engineSeconds: toSeconds(sum('engineSeconds') * 1000) };
}

/** To the millisecond, whatever the sum of fractions is. */
function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** The days that a request asks for. @throws ProblemError that names the wrong parameter */
function readDays(query: Readonly<Record<string, string>>, now: Date): string[] {
  const given = parseParameters(usageQuerySchema, query, 'query parameter');
  const to = given.to ?? dayOf(now);
  const from = given.from ?? dayOf(new Date(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS));
  const days = daysBetween(from, to);
  const refuse = (pointer: string, code: string, detail: string, limit: string | number) =>
    invalidFields([{ pointer, code, detail, limit }], 'query parameter');
  if (days.length === 0) throw refuse('from', 'too_big', `must be at most ${to}, got ${from}`, to);
  const limit = LIMITS.usageDays;
  if (days.length > limit) throw refuse('from', 'too_small', `must be at most ${limit} days before ${to}`, limit);
  return days;
}

/** `GET /v1/usage`: what the tenant's jobs used, by day and model. */
export function makeUsageRoutes({ usage, now }: UsageRoutesPorts) {
  const get: Route['handle'] = async (request) => {
    const tenantId = request.tenantId();
    const days = readDays(request.query(), now());
    const rows = await Promise.all(
      days.map(async (day) =>
        (await usage.ofDay(tenantId, day)).map(({ engineMs, ...rest }) => ({
          day,
          ...rest,
          engineSeconds: toSeconds(engineMs),
        })),
      ),
    );
    const data = rows.flat();
    const [from = '', to = ''] = [days[0], days.at(-1)];
    return { status: 200, body: { object: 'usage', from, to, data, total: sumOf(data) } satisfies Usage };
  };

  return { get };
}
