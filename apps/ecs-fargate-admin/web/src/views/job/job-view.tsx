import { adminJobDetailSchema } from '@afterimage/admin-schemas';
import { isTerminal } from '@afterimage/job-schemas';
import { Paper, SimpleGrid, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { JobActs } from './job-acts.tsx';
import { JobAttempts } from './job-attempts.tsx';
import { JobDeliveries } from './job-deliveries.tsx';
import { JobError } from './job-error.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobInput } from './job-input.tsx';
import { JobOutputs } from './job-outputs.tsx';
import { JobTimeline } from './job-timeline.tsx';
import { JobTrace } from './job-trace.tsx';

const route = getRouteApi('/jobs/$id');
const LIVE_MS = 1000;

/** One job, with all that is known of it. */
export function JobView() {
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => read(adminJobDetailSchema, `/jobs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data && isTerminal(state.data.job.status) ? false : LIVE_MS),
  });
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const { job, defaults, timeline } = data;
  return (
    <>
      <PageHead title={job.id} description={`${job.task} by ${job.model}, for ${job.tenantId}`}>
        <JobActs job={job} />
      </PageHead>
      <Stack>
        {job.error && <JobError error={job.error} />}
        <JobOutputs job={job} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Paper withBorder p="sm">
            <Title order={3} size="h5" mb="xs">
              Job
            </Title>
            <JobFacts job={job} />
          </Paper>
          <Paper withBorder p="sm">
            <Title order={3} size="h5" mb="xs">
              Input
            </Title>
            <JobInput input={job.input} defaults={defaults} />
          </Paper>
          <Paper withBorder p="sm">
            <Title order={3} size="h5" mb="xs">
              Timeline
            </Title>
            <JobTimeline job={job} timeline={timeline} />
          </Paper>
          <Paper withBorder p="sm">
            <Title order={3} size="h5" mb="xs">
              Attempts
            </Title>
            <JobAttempts attempts={job.attempts} />
          </Paper>
        </SimpleGrid>
        <Paper withBorder p="sm">
          <Title order={3} size="h5" mb="xs">
            Trace
          </Title>
          <JobTrace id={job.id} isLive={!isTerminal(job.status)} />
        </Paper>
        <Paper withBorder p="sm">
          <Title order={3} size="h5" mb="xs">
            Webhook deliveries
          </Title>
          <JobDeliveries id={job.id} />
        </Paper>
      </Stack>
    </>
  );
}
