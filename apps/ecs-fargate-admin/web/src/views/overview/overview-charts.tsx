import type { Overview } from '@afterimage/admin-schemas';
import { Paper, SimpleGrid } from '@mantine/core';
import { useMemo } from 'react';
import { formatCount, formatMs } from '../../parts/format.ts';
import { TimeChart } from '../../parts/time-chart.tsx';

const COLOURS = { blue: '#4dabf7', green: '#40c057', red: '#fa5252', orange: '#fd7e14', grape: '#be4bdb' };

/** Jobs, waits and runs over the window. */
export function OverviewCharts({ series }: Pick<Overview, 'series'>) {
  const charts = useMemo(() => {
    const times = series.map(({ at }) => at);
    return [
      {
        title: 'Jobs',
        format: formatCount,
        times,
        series: [
          { label: 'created', color: COLOURS.blue, values: series.map((point) => point.created) },
          { label: 'succeeded', color: COLOURS.green, values: series.map((point) => point.succeeded) },
          { label: 'failed', color: COLOURS.red, values: series.map((point) => point.failed) },
        ],
      },
      {
        title: 'Wait in the queue',
        format: formatMs,
        times,
        series: [
          { label: 'p50', color: COLOURS.blue, values: series.map((point) => point.waitMs.p50) },
          { label: 'p95', color: COLOURS.orange, values: series.map((point) => point.waitMs.p95) },
        ],
      },
      {
        title: 'Run on the engine',
        format: formatMs,
        times,
        series: [
          { label: 'p50', color: COLOURS.blue, values: series.map((point) => point.runMs.p50) },
          { label: 'p95', color: COLOURS.grape, values: series.map((point) => point.runMs.p95) },
        ],
      },
    ];
  }, [series]);
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }}>
      {charts.map((chart) => (
        <Paper key={chart.title} withBorder p="sm">
          <TimeChart {...chart} />
        </Paper>
      ))}
    </SimpleGrid>
  );
}
