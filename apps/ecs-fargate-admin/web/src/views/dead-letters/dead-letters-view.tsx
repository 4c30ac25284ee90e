import { deadLettersSchema } from '@afterimage/admin-schemas';
import { Alert, Stack, Text } from '@mantine/core';
import { formatCount } from '../../parts/format.ts';
import { LiveQuery } from '../../parts/live-query.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Group } from './dead-letter-group.tsx';

/** What nobody could handle, by its cause. */
export function DeadLettersView() {
  return (
    <>
      <PageHead
        title="Dead letters"
        description="Messages that nobody could handle, of every queue and subscription."
      />
      <LiveQuery schema={deadLettersSchema} path="/dead-letters">
        {({ total, read, groups }) => (
          <Stack>
            {total > read && (
              <Alert color="orange" variant="light">
                {formatCount(read)} of about {formatCount(total)} could be read in one look.
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
