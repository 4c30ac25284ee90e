import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobRecord } from '@afterimage/job-schemas';
import { aJobRecord } from '@afterimage/testing';
import { anApiRequest } from '../test/an-api-request.ts';
import { aBench, CONTEXT } from '../test/bench.ts';

let routes: ReturnType<typeof aBench>['routes'];
let stored: ReturnType<typeof aBench>['stored'];

beforeEach(() => {
  ({ routes, stored } = aBench());
});

describe('GET /v1/jobs', () => {
  const list = (query: Record<string, string>, tenantId = 'tenant-1') =>
    routes.list(anApiRequest({ query, tenantId }), CONTEXT);
  const pageOf = (response: { readonly body?: unknown }) => response.body as { data: Job[]; nextCursor: string | null };

  async function storedAt(seconds: number, overrides: Partial<JobRecord> = {}): Promise<JobRecord> {
    return stored(
      aJobRecord({ createdAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(), ...overrides }),
    );
  }

  it('pages through the tenant’s jobs, newest first, stable under inserts', async () => {
    for (let i = 0; i < 5; i++) await storedAt(i);
    await storedAt(9, { tenantId: 'tenant-2' });

    const first = await list({ limit: '2' });
    await storedAt(10);
    const { data: one, nextCursor } = pageOf(first);
    const two = pageOf(await list({ limit: '2', cursor: nextCursor ?? '' }));
    const three = pageOf(await list({ limit: '2', cursor: two.nextCursor ?? '' }));

    const seconds = [...one, ...two.data, ...three.data].map(({ createdAt }) => new Date(createdAt).getUTCSeconds());
    expect(seconds).toEqual([4, 3, 2, 1, 0]);
    expect(three.nextCursor).toBeNull();
    expect(first.headers?.['link']).toBe(
      `<https://api.example.com/v1/jobs?limit=2&cursor=${encodeURIComponent(nextCursor ?? '')}>; rel="next"`,
    );
  });

  it('filters by status, model and time', async () => {
    await storedAt(0, { model: 'other' });
    await storedAt(1, { status: 'failed' });
    const wanted = await storedAt(2);
    await storedAt(3);

    const query = {
      status: 'queued',
      model: 'sketch-1',
      createdAfter: '2026-01-01T00:00:00Z',
      createdBefore: '2026-01-01T01:00:03+01:00',
    };
    expect(pageOf(await list(query)).data.map(({ id }) => id)).toEqual([wanted.id]);
  });

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
    [{ status: 'done' }, 'status'],
    [{ createdAfter: 'yesterday' }, 'createdAfter'],
    [{ sort: 'asc' }, 'sort'],
    [{ cursor: 'x' }, 'cursor'],
  ])('refuses %o and names the parameter', async (query, pointer) => {
    await expect(list(query as Record<string, string>)).rejects.toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer }] },
    });
  });

  it('refuses the cursor of another tenant', async () => {
    await storedAt(1);
    await storedAt(2);
    const { nextCursor } = pageOf(await list({ limit: '1' }));

    await expect(list({ limit: '1', cursor: nextCursor ?? '' }, 'tenant-2')).rejects.toMatchObject({
      code: 'validation-failed',
    });
  });
});
