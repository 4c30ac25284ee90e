import { Button, Center, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';
import { Loading } from './loading.tsx';

export interface PagesProps {
  /** An infinite query of the data library. */
  readonly query: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
    readonly refetch: () => unknown;
  };
  readonly isEmpty: boolean;
  /** Said when there is nothing. */
  readonly empty: string;
  readonly children: ReactNode;
}

/** A list that goes on page by page: waiting, failed, empty, or what there is with a way to more. */
export function Pages({ query, isEmpty, empty, children }: PagesProps) {
  if (query.isPending) return <Loading />;
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      {isEmpty ? (
        <Text c="dimmed" p="md">
          {query.hasNextPage ? 'Nothing among the newest ones.' : empty}
        </Text>
      ) : (
        children
      )}
      {query.hasNextPage && (
        <Center p="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}
