import { type AdminJobPage, adminJobPageSchema, type AdminJobQuery } from '@afterimage/admin-schemas';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { read } from '../../api/client.ts';

export type JobFilters = Partial<Omit<AdminJobQuery, 'limit' | 'cursor'>>;

const LIVE_MS = 2000;

/** Jobs, the newest first. `isLive` looks again every two seconds. */
export function jobsQuery(filters: JobFilters, isLive: boolean) {
  return infiniteQueryOptions({
    queryKey: ['jobs', filters],
    queryFn: ({ pageParam, signal }): Promise<AdminJobPage> =>
      read(adminJobPageSchema, '/jobs', { query: { ...filters, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: isLive ? LIVE_MS : false,
  });
}
