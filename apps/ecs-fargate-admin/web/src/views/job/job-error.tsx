import type { AdminJob } from '@afterimage/admin-schemas';
import { Alert, Text } from '@mantine/core';

/** Why the job failed. */
export function JobError({ error }: { readonly error: NonNullable<AdminJob['error']> }) {
  return (
    <Alert color="red" variant="light" title={`${error.code} while ${error.stage}, attempt ${error.attempt}`}>
      <Text size="sm">{error.message}</Text>
      <Text size="sm" c="dimmed">
        {error.retryable ? 'The same job may succeed another time.' : 'The same job will fail again.'}
      </Text>
    </Alert>
  );
}
