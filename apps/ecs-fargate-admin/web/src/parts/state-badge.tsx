import type { JobStatus } from '@afterimage/job-schemas';
import { Badge, type MantineColor } from '@mantine/core';

const COLOURS: Readonly<Record<JobStatus, MantineColor>> = {
  queued: 'gray',
  running: 'blue',
  canceling: 'orange',
  succeeded: 'green',
  failed: 'red',
  canceled: 'gray',
  expired: 'orange',
};

/** The state of a job; it is told in words, the colour only repeats it. */
export function StateBadge({ status }: { readonly status: JobStatus }) {
  return (
    <Badge color={COLOURS[status]} variant="dot" tt="none" miw="max-content">
      {status}
    </Badge>
  );
}
