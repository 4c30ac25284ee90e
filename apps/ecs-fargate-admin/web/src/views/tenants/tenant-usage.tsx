import { usageViewSchema } from '@afterimage/admin-schemas';
import { Paper, Text, Title } from '@mantine/core';
import { formatCount, formatMs } from '../../parts/format.ts';
import { LiveQuery } from '../../parts/live-query.tsx';
import { Rows } from '../../parts/rows.tsx';

/** What a tenant used, by day and model. */
export function TenantUsage({ path }: { readonly path: string }) {
  return (
    <Paper withBorder p="sm">
      <Title order={3} size="h5" mb="xs">
        Usage
      </Title>
      <LiveQuery schema={usageViewSchema} path={`${path}/usage`}>
        {({ data }) =>
          data.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing in the last 30 days.
            </Text>
          ) : (
            <Rows
              label="Usage"
              heads={['Day', 'Model', 'Jobs', 'Images', 'Engine time']}
              rows={data.map(({ day, model, jobs, images, engineSeconds }) => ({
                id: `${day} ${model}`,
                cells: [day, model, formatCount(jobs), formatCount(images), formatMs(engineSeconds * 1000)],
              }))}
            />
          )
        }
      </LiveQuery>
    </Paper>
  );
}
