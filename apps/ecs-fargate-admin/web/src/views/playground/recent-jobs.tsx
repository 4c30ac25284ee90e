import { adminJobDetailSchema } from '@afterimage/admin-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { JobError } from '../job/job-error.tsx';
import { JobOutputs } from '../job/job-outputs.tsx';

const LIVE_MS = 500;

function RecentJob({ id }: { readonly id: string }) {
  const { data, error } = useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => read(adminJobDetailSchema, `/jobs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isTerminal(state.data.job.status) ? false : LIVE_MS),
  });
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb="xs">
        <Anchor size="sm" renderRoot={(props) => <Link to="/jobs/$id" params={{ id }} {...props} />}>
          {id}
        </Anchor>
        {data && <StateBadge status={data.job.status} />}
      </Group>
      {error !== null && <Failure error={error} />}
      {data === undefined && error === null && <Loading />}
      {data?.job.error && <JobError error={data.job.error} />}
      {data && <JobOutputs job={data.job} />}
    </Paper>
  );
}

/** The jobs that were submitted here, the newest first, as they go. */
export function RecentJobs({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return <Text c="dimmed">What you submit shows here, beside the ones before.</Text>;
  return (
    <Stack aria-live="polite">
      {ids.map((id) => (
        <RecentJob key={id} id={id} />
      ))}
    </Stack>
  );
}
