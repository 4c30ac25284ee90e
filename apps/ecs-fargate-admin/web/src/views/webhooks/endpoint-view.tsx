import { deliveryPageSchema } from '@afterimage/admin-schemas';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Deliveries } from '../../parts/deliveries.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';

const route = getRouteApi('/webhooks/$id');

/** The deliveries to one endpoint, the newest first. */
export function EndpointView() {
  const { id } = route.useParams();
  const { tenantId } = route.useSearch();
  const query = useInfiniteQuery({
    queryKey: ['deliveries', id],
    queryFn: ({ pageParam, signal }) =>
      read(deliveryPageSchema, `/webhook-endpoints/${encodeURIComponent(id)}/deliveries`, {
        query: { tenantId, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const deliveries = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHead
        title={id}
        description={
          tenantId === undefined ? 'Deliveries to an endpoint.' : `Deliveries to an endpoint of ${tenantId}.`
        }
      />
      <Pages query={query} isEmpty={deliveries.length === 0} empty="Nothing was delivered yet.">
        <Deliveries deliveries={deliveries} />
      </Pages>
    </>
  );
}
