import { deadLettersSchema } from '@afterimage/admin-schemas';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { formatCount } from '../../parts/format.ts';
import { LiveQuery } from '../../parts/live-query.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Group } from './dead-letter-group.tsx';

/** What nobody could handle, by its cause. */
export function DeadLettersView() {
  const queries = useQueryClient();
  return (
    <>
      <PageHead title="Dead letters" description="Messages that nobody could handle, of every queue and subscription.">
        <Button
          size="xs"
          variant="default"
          onClick={() => void queries.invalidateQueries({ queryKey: ['/dead-letters'] })}
        >
          Look again
        </Button>
      </PageHead>
      <LiveQuery schema={deadLettersSchema} path="/dead-letters">
        {({ total, read, groups }) => (
          <Stack>
            {total > read && (
              <Alert color="orange" variant="light">
                {formatCount(read)} of about {formatCount(total)} could be read in one look. The others are being looked
                at just now, or are too many: look again in a moment.
              </Alert>
            )}
            {groups.length === 0 && <Text c="dimmed">There is none.</Text>}
            {groups.map((group) => (
              <Group key={group.id} group={group} />
            ))}
          </Stack>
        )}
      </LiveQuery>
    </>
  );
}
