import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type * as z from 'zod';
import { read } from '../api/client.ts';
import { Failure } from './failure.tsx';
import { Loading } from './loading.tsx';

export interface LiveQueryProps<T extends z.ZodType> {
  readonly schema: T;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Time between two looks; none where it is left out. */
  readonly everyMs?: number;
  readonly children: (data: z.infer<T>) => ReactNode;
}

/** Reads one thing and shows it, again and again. While a look fails, what was read last stays, below the failure. */
export function LiveQuery<T extends z.ZodType>({ schema, path, query, everyMs, children }: LiveQueryProps<T>) {
  const { data, error, refetch } = useQuery({
    queryKey: [path, query ?? {}],
    queryFn: ({ signal }) => read(schema, path, { ...(query === undefined ? {} : { query }), signal }),
    refetchInterval: everyMs ?? false,
  });
  return (
    <>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : children(data)}
    </>
  );
}
