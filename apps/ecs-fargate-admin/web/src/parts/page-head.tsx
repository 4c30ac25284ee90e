import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

export interface PageHeadProps {
  readonly title: string;
  readonly description?: string;
  readonly children?: ReactNode;
}

/** Heading of a view, with what can be done in it. */
export function PageHead({ title, description, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Afterimage console`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="md">
      <Stack gap={0} miw={0}>
        <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {description && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
      </Stack>
      {children && (
        <Group gap="xs" role="group" aria-label="Acts">
          {children}
        </Group>
      )}
    </Group>
  );
}
