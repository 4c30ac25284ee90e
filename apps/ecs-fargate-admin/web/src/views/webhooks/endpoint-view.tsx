import { deliveryPageSchema } from '@afterimage/admin-schemas';
import { getRouteApi } from '@tanstack/react-router';
import { Deliveries } from '../../parts/deliveries.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { usePages } from '../../parts/use-pages.ts';

const route = getRouteApi('/webhooks/$id');

/** The deliveries to one endpoint, the newest first. */
export function EndpointView() {
  const { id } = route.useParams();
  const { tenantId } = route.useSearch();
  const path = `/webhook-endpoints/${encodeURIComponent(id)}/deliveries`;
  const { query, items: deliveries } = usePages(deliveryPageSchema, path, { query: { tenantId } });
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
