import { type Overview, overviewSchema, WINDOWS } from '@afterimage/admin-schemas';
import { jobStatusSchema } from '@afterimage/job-schemas';
import { Alert, Anchor, Paper, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { read } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Figure } from '../../parts/figure.tsx';
import { formatCount, formatDollars, formatMs, formatShare } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Alarms } from './alarms.tsx';
import { OverviewCharts } from './overview-charts.tsx';

const route = getRouteApi('/');
const REFRESH_MS = 5000;

function States({ jobsByStatus }: Pick<Overview, 'jobsByStatus'>) {
  return (
    <Paper withBorder p="sm">
      <Text size="sm" fw={600} mb="xs">
        Jobs by state
      </Text>
      <SimpleGrid cols={{ base: 2, xs: 4, md: 7 }}>
        {jobStatusSchema.options.map((status) => (
          <Stack key={status} gap={0}>
            <Anchor size="sm" renderRoot={(props) => <Link to="/jobs" search={{ status }} {...props} />}>
              {status}
            </Anchor>
            <Text fw={700}>{formatCount(jobsByStatus[status] ?? 0)}</Text>
          </Stack>
        ))}
      </SimpleGrid>
    </Paper>
  );
}

/** How the service does, and whether anything rings. */
export function OverviewView() {
  const { window } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['overview', window],
    queryFn: ({ signal }) => read(overviewSchema, '/overview', { query: { window }, signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <PageHead title="Overview" description="Jobs that were created in the window.">
        <SegmentedControl
          aria-label="Window"
          data={[...WINDOWS]}
          value={window}
          onChange={(value) => void navigate({ search: { window: WINDOWS.find((each) => each === value) ?? '1h' } })}
        />
      </PageHead>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data && (
        <Stack>
          {!data.isComplete && (
            <Alert color="orange" variant="light">
              There are more jobs in this window than one look reads: the figures are of the newest of them.
            </Alert>
          )}
          <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
            <Figure label="Success rate" value={formatShare(data.successRate)} />
            <Figure label="Wait p50" value={formatMs(data.waitMs.p50)} hint={`p95 ${formatMs(data.waitMs.p95)}`} />
            <Figure label="Run p50" value={formatMs(data.runMs.p50)} hint={`p95 ${formatMs(data.runMs.p95)}`} />
            <Figure label="Images" value={formatCount(data.images)} />
            <Figure label="Engine time" value={formatMs(data.engineSeconds * 1000)} />
            <Figure label="Cost an image" value={formatDollars(data.costPerImage)} />
          </SimpleGrid>
          <States jobsByStatus={data.jobsByStatus} />
          <Alarms alarms={data.alarms} />
          <OverviewCharts series={data.series} />
        </Stack>
      )}
    </>
  );
}
