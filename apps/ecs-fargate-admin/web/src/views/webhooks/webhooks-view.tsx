import { endpointPageSchema } from '@afterimage/admin-schemas';
import { Anchor, Badge } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FilterForm } from '../../parts/filter-form.tsx';
import { formatShare } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Rows } from '../../parts/rows.tsx';
import { usePages } from '../../parts/use-pages.ts';

const route = getRouteApi('/webhooks');
const FILTERS = [{ name: 'tenantId', label: 'Tenant' }] as const;

/** Where tenants are told of results, and how well that goes. */
export function WebhooksView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const { query, items: endpoints } = usePages(endpointPageSchema, '/webhook-endpoints', { query: filters });
  return (
    <>
      <PageHead title="Webhooks" description="Endpoints of every tenant." />
      <FilterForm fields={FILTERS} values={filters} onFilter={(search) => void navigate({ search, replace: true })} />
      <Pages query={query} isEmpty={endpoints.length === 0} empty="No tenant has an endpoint.">
        <Rows
          label="Webhook endpoints"
          heads={['Endpoint', 'Tenant', 'Events', 'State', 'Success rate', 'Created']}
          rows={endpoints.map(({ id, url, tenantId, events, enabled, disabledReason, successRate, createdAt }) => ({
            id,
            cells: [
              <Anchor
                key="id"
                size="sm"
                renderRoot={(props) => <Link to="/webhooks/$id" params={{ id }} search={{ tenantId }} {...props} />}
              >
                {url}
              </Anchor>,
              tenantId,
              events.join(', '),
              <Badge key="state" variant="dot" tt="none" miw="max-content" color={enabled ? 'green' : 'red'}>
                {enabled ? 'enabled' : `disabled: ${disabledReason ?? 'unknown'}`}
              </Badge>,
              formatShare(successRate),
              <Moment key="created" at={createdAt} />,
            ],
          }))}
        />
      </Pages>
    </>
  );
}
