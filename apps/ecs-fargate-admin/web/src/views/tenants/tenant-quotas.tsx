import { type TenantView, tenantViewSchema } from '@afterimage/admin-schemas';
import type { TenantQuotas as Quotas } from '@afterimage/job-schemas';
import { Group, NumberInput, Paper, SimpleGrid, Title } from '@mantine/core';
import { useState } from 'react';
import { act } from '../../api/client.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmAct } from '../../parts/confirm-act.tsx';

const FIELDS = [
  { name: 'createPerMinute', label: 'Creates a minute' },
  { name: 'requestsPerMinute', label: 'Other requests a minute' },
  { name: 'queuedJobs', label: 'Queued jobs' },
  { name: 'runningJobs', label: 'Running jobs' },
] as const satisfies readonly { name: keyof Quotas; label: string }[];

/** What the tenant may use; an empty field is the default. */
export function TenantQuotas({ tenant }: { readonly tenant: TenantView }) {
  const { id, quotas, overrides } = tenant;
  const [given, setGiven] = useState(overrides);
  const mayChange = useMay('admin');
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5">
          Limits
        </Title>
        {mayChange && (
          <ConfirmAct
            label="Change limits"
            consequence={`The limits of 1 tenant will be changed: ${JSON.stringify(given)}.`}
            isDisabled={JSON.stringify(given) === JSON.stringify(overrides)}
            act={(reason) =>
              act(tenantViewSchema, `/tenants/${encodeURIComponent(id)}`, { quotas: given, reason }, 'PATCH')
            }
          />
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {FIELDS.map(({ name, label }) => (
          <NumberInput
            key={name}
            label={label}
            placeholder={`default: ${quotas[name]}`}
            min={1}
            disabled={!mayChange}
            value={given[name] ?? ''}
            onChange={(value) => {
              const { [name]: _before, ...others } = given;
              setGiven(value === '' ? others : { ...others, [name]: Number(value) });
            }}
          />
        ))}
      </SimpleGrid>
    </Paper>
  );
}
