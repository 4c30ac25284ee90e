import { changeTenantSchema, createTenantSchema, tenantQuerySchema } from '@afterimage/admin-schemas';
import type { TenantPage, UsageView } from '@afterimage/admin-schemas';
import type { Clock, ManageTenants, UsageStore } from '@afterimage/job-core';
import { dayOf, daysBetween } from '@afterimage/job-schemas';
import type * as z from 'zod';
import type { AdminHandler } from '../api/admin-request.ts';
import type { MakeCursor } from '../api/cursors.ts';

export interface TenantHandlersPorts {
  readonly manageTenants: ManageTenants;
  readonly usage: Pick<UsageStore, 'ofDay'>;
  readonly cursors: MakeCursor;
  readonly now: Clock;
}

const USAGE_DAYS = 30;
const DAY_MS = 86_400_000;

type GivenQuotas = z.infer<typeof changeTenantSchema>['quotas'];

/** Without what was left out, which is the default then. */
function givenOnly(quotas: GivenQuotas): GivenQuotas {
  return Object.fromEntries(Object.entries(quotas).filter(([, value]) => value !== undefined));
}

/** Tenants, their quotas and what they used. Nothing here shows a secret. */
export function makeTenantHandlers({ manageTenants, usage, cursors, now }: TenantHandlersPorts) {
  const list: AdminHandler = async (request) => {
    const { cursor, limit } = request.query(tenantQuerySchema);
    const { after, next } = cursors({ list: 'tenants' }, cursor);
    const page = await manageTenants.list({ limit, ...(after === undefined ? {} : { after: after.id }) });
    // Tenants are in the order of their ids: there is no time in their cursor.
    const nextCursor = page.next === null ? null : next({ createdAt: '', id: page.next });
    return { body: { data: page.tenants, nextCursor } satisfies TenantPage };
  };

  const create: AdminHandler = async (request) => {
    const { id } = request.body(createTenantSchema);
    const tenant = await manageTenants.create(id);
    return { status: 201, body: tenant, after: tenant };
  };

  const get: AdminHandler = async (request) => ({ body: await manageTenants.get(request.param('id')) });

  const change: AdminHandler = async (request) => {
    const { quotas } = request.body(changeTenantSchema);
    const before = await manageTenants.get(request.param('id'));
    const after = await manageTenants.setQuotas(before.id, givenOnly(quotas));
    return { body: after, before: before.overrides, after: after.overrides };
  };

  const usageOf: AdminHandler = async (request) => {
    const { id } = await manageTenants.get(request.param('id'));
    const time = now();
    const days = daysBetween(dayOf(new Date(time.getTime() - (USAGE_DAYS - 1) * DAY_MS)), dayOf(time));
    const rows = await Promise.all(
      days.map(async (day) =>
        (await usage.ofDay(id, day)).map(({ engineMs, ...rest }) => ({ day, ...rest, engineSeconds: engineMs / 1000 })),
      ),
    );
    return { body: { data: rows.flat().toReversed() } satisfies UsageView };
  };

  return { list, create, get, change, usageOf };
}
