import { type PoolView, poolsSchema } from '@afterimage/admin-schemas';
import { Accordion, Anchor, Badge, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { LiveQuery } from '../../parts/live-query.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Rows } from '../../parts/rows.tsx';

function Pool({ pool }: { readonly pool: PoolView }) {
  const { name, engine, workers, models, settings } = pool;
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5">
          {name}
        </Title>
        <Group gap="xs">
          <Badge variant="light" tt="none">
            {engine}
          </Badge>
          <Anchor size="sm" renderRoot={(props) => <Link to="/workers" {...props} />}>
            {workers} {workers === 1 ? 'worker' : 'workers'}
          </Anchor>
        </Group>
      </Group>
      <Rows
        label={`Models of ${name}`}
        heads={['Model', 'Tasks', 'Formats', 'Largest', 'Steps', 'Images']}
        rows={models.map((model) => ({
          id: model.id,
          cells: [
            <Stack key="id" gap={0}>
              <Anchor
                size="sm"
                renderRoot={(props) => <Link to="/playground" search={{ model: model.id }} {...props} />}
              >
                {model.id}
              </Anchor>
              <Text size="xs" c="dimmed">
                {model.description}
              </Text>
            </Stack>,
            model.tasks.join(', '),
            model.formats.join(', '),
            `${model.limits.maxWidth} × ${model.limits.maxHeight}`,
            model.limits.maxSteps,
            model.limits.maxImages,
          ],
        }))}
      />
      <Accordion variant="contained" mt="xs">
        <Accordion.Item value="settings">
          <Accordion.Control>Settings</Accordion.Control>
          <Accordion.Panel>
            <Code block>{JSON.stringify(settings, undefined, 2)}</Code>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Paper>
  );
}

/** The pools and the models that they serve. */
export function PoolsView() {
  return (
    <>
      <PageHead title="Models and pools" description="As configured, and how many workers there are for them." />
      <LiveQuery schema={poolsSchema} path="/pools">
        {({ data }) => (
          <Stack>
            {data.map((pool) => (
              <Pool key={pool.name} pool={pool} />
            ))}
          </Stack>
        )}
      </LiveQuery>
    </>
  );
}
