import { tenantPageSchema, tenantViewSchema } from '@afterimage/admin-schemas';
import { Anchor, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';
import { formatCount } from '../../parts/format.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Pages } from '../../parts/pages.tsx';
import { Rows } from '../../parts/rows.tsx';
import { usePages } from '../../parts/use-pages.ts';

function CreateTenant() {
  const [id, setId] = useState('');
  const navigate = useNavigate();
  return (
    <ConfirmAct
      label="Create tenant"
      consequence="1 tenant will be created, without a key."
      isDisabled={!useMay('admin')}
      fields={
        <TextInput
          label="Id"
          description="Lower-case letters, digits and hyphens, at most 63."
          required
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
        />
      }
      act={async (reason) => {
        await act(tenantViewSchema, '/tenants', { id, reason });
        await navigate({ to: '/tenants/$id', params: { id } });
      }}
    />
  );
}

/** Every tenant, with what it may use. */
export function TenantsView() {
  const { query, items: tenants } = usePages(tenantPageSchema, '/tenants');
  return (
    <>
      <PageHead title="Tenants and keys">
        <CreateTenant />
      </PageHead>
      <Pages query={query} isEmpty={tenants.length === 0} empty="There is no tenant.">
        <Rows
          label="Tenants"
          heads={['Tenant', 'Creates / min', 'Other requests / min', 'Queued jobs', 'Running jobs', 'Own limits']}
          rows={tenants.map(({ id, quotas, overrides }) => ({
            id,
            cells: [
              <Anchor key="id" size="sm" renderRoot={(props) => <Link to="/tenants/$id" params={{ id }} {...props} />}>
                {id}
              </Anchor>,
              formatCount(quotas.createPerMinute),
              formatCount(quotas.requestsPerMinute),
              formatCount(quotas.queuedJobs),
              formatCount(quotas.runningJobs),
              Object.keys(overrides).length,
            ],
          }))}
        />
      </Pages>
    </>
  );
}
