import 'uplot/dist/uPlot.min.css';
import { Box, Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useId, useRef } from 'react';
import uPlot from 'uplot';

export interface Series {
  readonly label: string;
  /** A colour that is told apart on light and dark. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

export interface TimeChartProps {
  readonly title: string;
  /** Times of the points, ISO. */
  readonly times: readonly string[];
  readonly series: readonly Series[];
  /** Of the values, such as `ms`. */
  readonly unit: string;
}

const HEIGHT = 180;

function lastOf({ label, values }: Series, unit: string): string {
  const last = values.findLast((value) => value !== null);
  return `${label}: ${last === undefined || last === null ? 'nothing' : `${Math.round(last * 100) / 100} ${unit}`}`;
}

/** A chart of series over time. For those who do not see it the last values are told in words. */
export function TimeChart({ title, times, series, unit }: TimeChartProps) {
  const { ref, width } = useElementSize();
  const holder = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const titleId = useId();
  useEffect(() => {
    const element = holder.current;
    if (element === null || width === 0) return undefined;
    const stroke = scheme === 'dark' ? '#c9c9c9' : '#495057';
    const grid = { stroke: scheme === 'dark' ? '#424242' : '#e9ecef' };
    const axis = { stroke, grid, ticks: grid };
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { live: true },
        series: [
          {},
          ...series.map(({ label, color }) => ({ label, stroke: color, width: 2, points: { show: false } })),
        ],
        axes: [axis, { ...axis, size: 60, values: (_, ticks) => ticks.map((tick) => `${tick} ${unit}`.trim()) }],
        scales: { y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
      },
      [times.map((time) => Date.parse(time) / 1000), ...series.map(({ values }) => [...values])],
      element,
    );
    return () => plot.destroy();
  }, [width, scheme, times, series, unit]);
  return (
    <Box ref={ref}>
      <Text fw={600} size="sm" id={titleId}>
        {title}
      </Text>
      <div ref={holder} role="img" aria-labelledby={titleId} style={{ minHeight: HEIGHT }} />
      <p className="visually-hidden">{series.map((each) => lastOf(each, unit)).join('; ')}</p>
    </Box>
  );
}
