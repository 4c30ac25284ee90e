import { adminJobDetailSchema, poolsSchema } from '@afterimage/admin-schemas';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Playground } from './playground.tsx';

const route = getRouteApi('/playground');

/** Makes pictures by hand: from nothing, or from a copy of a job. */
export function PlaygroundView() {
  const { model, from } = route.useSearch();
  const pools = useQuery({
    queryKey: ['/pools', {}],
    queryFn: ({ signal }) => read(poolsSchema, '/pools', { signal }),
  });
  const source = useQuery({
    queryKey: ['job', from],
    queryFn: ({ signal }) => read(adminJobDetailSchema, `/jobs/${encodeURIComponent(from ?? '')}`, { signal }),
    enabled: from !== undefined,
  });
  const error = pools.error ?? source.error;
  if (error !== null)
    return <Failure error={error} onRetry={() => void Promise.all([pools.refetch(), source.refetch()])} />;
  if (pools.data === undefined || (from !== undefined && source.data === undefined)) return <Loading />;
  const models = pools.data.data.flatMap((pool) => pool.models);
  const job = source.data?.job;
  return (
    <>
      <PageHead title="Playground" description="A job for a tenant, submitted by you." />
      <Playground key={`${model} ${from}`} models={models} first={model} copied={job} />
    </>
  );
}
