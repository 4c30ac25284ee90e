import { type AdminTraceSpan, jobTraceSchema } from '@afterimage/admin-schemas';
import { Badge, Box, Group, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { read } from '../../api/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { formatMs } from '../../parts/format.ts';
import { Loading } from '../../parts/loading.tsx';
import { Rows } from '../../parts/rows.tsx';
import { type TraceBar, traceBars } from './trace-bars.ts';

/** Parts of a trace come in one after the other, also after the job has ended. */
const REFRESH_MS = 5000;
const INDENT_REM = 0.9;

function SpanName({ span }: { readonly span: AdminTraceSpan }) {
  return (
    <Group gap="xs" wrap="nowrap" pl={`${span.depth * INDENT_REM}rem`}>
      <VisuallyHidden>Level {span.depth + 1}: </VisuallyHidden>
      <Text size="sm" truncate>
        {span.name}
      </Text>
      {span.isFault && (
        <Badge size="sm" variant="dot" color="red" tt="none" miw="max-content">
          failed
        </Badge>
      )}
      {span.links.length > 0 && (
        <Badge size="sm" variant="dot" color="gray" tt="none" miw="max-content">
          follows another attempt
        </Badge>
      )}
    </Group>
  );
}

function Bar({ span, bar }: { readonly span: AdminTraceSpan; readonly bar: TraceBar }) {
  return (
    <Box aria-hidden pos="relative" h="0.9rem" miw="18rem">
      <Box
        data-bar
        pos="absolute"
        h="100%"
        left={`${bar.startsAt}%`}
        w={`${bar.width}%`}
        bg={span.isFault ? 'red.6' : 'blue.5'}
        style={{ borderRadius: 2, opacity: span.endedAtMs === null ? 0.5 : 1 }}
      />
    </Box>
  );
}

function Waterfall({ spans }: { readonly spans: readonly AdminTraceSpan[] }) {
  const bars = traceBars(spans);
  const firstMs = Math.min(...spans.map(({ startedAtMs }) => startedAtMs));
  const rows = spans.map((span, index) => ({
    id: span.id,
    cells: [
      <SpanName key="name" span={span} />,
      span.service,
      formatMs(span.startedAtMs - firstMs),
      span.endedAtMs === null ? 'no end' : formatMs(span.endedAtMs - span.startedAtMs),
      <Bar key="bar" span={span} bar={bars[index] ?? { startsAt: 0, width: 0 }} />,
    ],
  }));
  return <Rows label="Trace" heads={['Span', 'Service', 'After', 'Took', 'Course']} rows={rows} minWidth={900} />;
}

/** What every service did for the job, as a table whose last column is a waterfall. */
export function JobTrace({ id, isLive }: { readonly id: string; readonly isLive: boolean }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['job', id, 'trace', isLive],
    queryFn: ({ signal }) => read(jobTraceSchema, `/jobs/${encodeURIComponent(id)}/trace`, { signal }),
    refetchInterval: REFRESH_MS,
  });
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.spans === null) {
    return <Text size="sm">{data.traceId === null ? 'The job has no trace.' : 'Nothing of its trace was kept.'}</Text>;
  }
  return <Waterfall spans={data.spans} />;
}
