import { tenantViewSchema } from '@afterimage/admin-schemas';
import { Anchor, Stack } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { LiveQuery } from '../../parts/live-query.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { TenantKeys } from './tenant-keys.tsx';
import { TenantQuotas } from './tenant-quotas.tsx';
import { TenantUsage } from './tenant-usage.tsx';

const route = getRouteApi('/tenants/$id');

/** One tenant: limits, keys, usage. */
export function TenantView() {
  const { id } = route.useParams();
  const path = `/tenants/${encodeURIComponent(id)}`;
  return (
    <>
      <PageHead title={id} description="A tenant.">
        <Anchor size="sm" renderRoot={(props) => <Link to="/jobs" search={{ tenantId: id }} {...props} />}>
          Jobs
        </Anchor>
        <Anchor size="sm" renderRoot={(props) => <Link to="/webhooks" search={{ tenantId: id }} {...props} />}>
          Webhooks
        </Anchor>
      </PageHead>
      <Stack>
        <LiveQuery schema={tenantViewSchema} path={path}>
          {(tenant) => <TenantQuotas key={JSON.stringify(tenant)} tenant={tenant} />}
        </LiveQuery>
        <TenantKeys path={path} />
        <TenantUsage path={path} />
      </Stack>
    </>
  );
}
