import type { AuditEntry } from '@afterimage/admin-schemas';
import { expect, it } from 'vitest';
import type { AuditLog, AuditPosition } from '../src/audit/audit-log.ts';

function anEntry(entry: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 'a1',
    at: '2026-11-05T10:00:00.000Z',
    operator: { id: 'user-1', name: 'ada@example.com', role: 'operator' },
    action: 'job.cancel',
    target: 'job_1',
    reason: 'asked by the tenant',
    outcome: 'begun',
    count: null,
    before: null,
    after: null,
    ...entry,
  };
}

async function everyPage(log: AuditLog, query: Omit<Parameters<AuditLog['list']>[0], 'after'>): Promise<string[]> {
  const ids: string[] = [];
  let after: AuditPosition | undefined;
  for (;;) {
    const page = await log.list({ ...query, ...(after === undefined ? {} : { after }) });
    expect(page.entries.length).toBeLessThanOrEqual(query.limit);
    ids.push(...page.entries.map(({ id }) => id));
    if (page.next === null) return ids;
    after = page.next;
  }
}

/** What holds for every audit log. `make` yields an empty one whose clock stands in November 2026. */
export function describeAuditLog(make: () => Promise<AuditLog>): void {
  it('shows an act as it stands, once', async () => {
    const log = await make();
    await log.begin(anEntry());
    expect((await log.list({ limit: 10 })).entries).toEqual([anEntry()]);

    const ended = anEntry({ outcome: 'done', count: 3, before: { status: 'queued' }, after: { status: 'canceled' } });
    await log.end(ended);

    expect(await log.list({ limit: 10 })).toEqual({ entries: [ended], next: null });
  });

  it('writes nothing over', async () => {
    const log = await make();
    await log.begin(anEntry());
    await log.end(anEntry({ outcome: 'done' }));

    await expect(log.begin(anEntry({ reason: 'another' }))).rejects.toThrow();
    await expect(log.end(anEntry({ outcome: 'failed' }))).rejects.toThrow();

    expect((await log.list({ limit: 10 })).entries).toEqual([anEntry({ outcome: 'done' })]);
  });

  it('lists the newest first, page by page, over the months', async () => {
    const log = await make();
    const days = ['2026-08-30', '2026-09-30', '2026-10-01', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];
    for (const day of days) {
      await log.begin(anEntry({ id: day, at: `${day}T00:00:00.000Z` }));
      if (day < '2026-11-04') await log.end(anEntry({ id: day, at: `${day}T00:00:00.000Z`, outcome: 'done' }));
    }

    for (const limit of [1, 2, 3, 100]) expect(await everyPage(log, { limit })).toEqual(days.toReversed());
  });

  it('is filtered by action, operator and target', async () => {
    const log = await make();
    await log.begin(anEntry({ id: 'a' }));
    await log.begin(anEntry({ id: 'b', action: 'job.erase' }));
    await log.begin(anEntry({ id: 'c', target: 'job_2' }));
    await log.begin(anEntry({ id: 'd', operator: { id: 'user-2', name: 'bob@example.com', role: 'admin' } }));

    expect(await everyPage(log, { limit: 2, action: 'job.erase' })).toEqual(['b']);
    expect(await everyPage(log, { limit: 2, target: 'job_2' })).toEqual(['c']);
    expect(await everyPage(log, { limit: 2, operator: 'bob@example.com' })).toEqual(['d']);
    expect(await everyPage(log, { limit: 2, operator: 'user-1', action: 'job.cancel' })).toEqual(['c', 'a']);
  });
}
