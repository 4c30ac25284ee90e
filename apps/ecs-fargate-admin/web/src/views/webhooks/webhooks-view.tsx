import { endpointPageSchema } from '@afterimage/admin-schemas';
import { Anchor, Badge, Button, Group, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { formatShare } from '../../parts/format.ts';
import { Moment } from '../../parts/moment.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Rows } from '../../parts/rows.tsx';

const route = getRouteApi('/webhooks');

/** Where tenants are told of results, and how well that goes. */
export function WebhooksView() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    queryKey: ['webhook-endpoints', filters],
    queryFn: ({ pageParam, signal }) =>
      read(endpointPageSchema, '/webhook-endpoints', { query: { ...filters, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const endpoints = query.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <PageHead title="Webhooks" description="Endpoints of every tenant." />
      <form
        aria-label="Filters"
        key={JSON.stringify(filters)}
        onSubmit={(event) => {
          event.preventDefault();
          const tenantId = String(new FormData(event.currentTarget).get('tenantId') ?? '');
          void navigate({ search: tenantId === '' ? {} : { tenantId }, replace: true });
        }}
      >
        <Group align="flex-end" gap="sm" mb="md">
          <TextInput name="tenantId" label="Tenant" defaultValue={filters.tenantId ?? ''} />
          <Button type="submit" variant="light">
            Filter
          </Button>
        </Group>
      </form>
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
