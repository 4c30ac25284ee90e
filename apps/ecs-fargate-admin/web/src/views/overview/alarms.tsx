import type { Alarm } from '@afterimage/admin-schemas';
import { Badge, Group, List, Paper, Text } from '@mantine/core';
import { Moment } from '../../parts/moment.tsx';

const COLOURS = { ok: 'green', alarm: 'red', unknown: 'gray' } as const;

/** What rings, with what users lose by it; the others are counted. */
export function Alarms({ alarms }: { readonly alarms: readonly Alarm[] }) {
  const ringing = alarms.filter(({ state }) => state === 'alarm');
  const quiet = alarms.length - ringing.length;
  return (
    <Paper withBorder p="sm">
      <Text size="sm" fw={600} mb="xs">
        Alarms
      </Text>
      {alarms.length === 0 && <Text size="sm">Nothing watches this stage.</Text>}
      {alarms.length > 0 && ringing.length === 0 && <Text size="sm">None of {quiet} rings.</Text>}
      <List size="sm" listStyleType="none">
        {ringing.map(({ name, state, severity, meaning, since }) => (
          <List.Item key={name}>
            <Group gap="xs">
              <Badge color={COLOURS[state]} variant="dot" tt="none">
                {severity}
              </Badge>
              <Text size="sm" fw={600}>
                {name}
              </Text>
              <Text size="sm">{meaning}</Text>
              <Moment at={since} />
            </Group>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}
