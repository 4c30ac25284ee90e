import type { pageOf } from '@afterimage/admin-schemas';
import { useInfiniteQuery } from '@tanstack/react-query';
import type * as z from 'zod';
import { read } from '../api/client.ts';

export interface PagesOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Time between two looks; none where it is left out. */
  readonly everyMs?: number | undefined;
}

/** A list of the admin API, read on page by page, and what there is of it so far. */
export function usePages<T extends z.ZodType>(
  schema: ReturnType<typeof pageOf<T>>,
  path: string,
  { query: filters = {}, everyMs }: PagesOptions = {},
) {
  const query = useInfiniteQuery({
    // A list and a single thing are kept in other forms.
    queryKey: ['pages', path, filters],
    queryFn: ({ pageParam, signal }) =>
      read(schema, path, { query: { ...filters, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: everyMs ?? false,
  });
  return { query, items: query.data?.pages.flatMap(({ data }) => data) ?? [] };
}
