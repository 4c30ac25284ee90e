import 'uplot/dist/uPlot.min.css';
import { Box, Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useId, useRef } from 'react';
import uPlot from 'uplot';
import { lonelyPoints } from './lonely-points.ts';

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
  /** A value in words, with its unit. */
  readonly format: (value: number) => string;
}

const HEIGHT = 180;
const POINT_SIZE = 6;
const AXIS_WIDTH = 64;

/** 24 hours, the day below the first tick of it. */
const DATES: uPlot.Axis.Values = (_, ticks) => {
  const days = new Set<string>();
  return ticks.map((tick) => {
    const at = new Date(tick * 1000);
    const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
    const day = at.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    if (days.has(day)) return time;
    days.add(day);
    return `${time}\n${day}`;
  });
};

function lastOf({ label, values }: Series, format: TimeChartProps['format']): string {
  const last = values.findLast((value) => value !== null);
  return `${label}: ${last === undefined || last === null ? 'nothing' : format(last)}`;
}

/** Where nothing was measured a moment before and after there is no line: such a value shows as a point. */
function pointsOf({ values }: Series): uPlot.Series.Points {
  return { show: true, size: POINT_SIZE, filter: () => lonelyPoints(values) };
}

/** A chart of series over time. For those who do not see it the last values are told in words. */
export function TimeChart({ title, times, series, format }: TimeChartProps) {
  const { ref, width } = useElementSize();
  const holder = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme();
  const titleId = useId();
  useEffect(() => {
    const element = holder.current;
    if (element === null || width === 0) return undefined;
    const stroke = scheme === 'dark' ? '#c9c9c9' : '#495057';
    const grid = { stroke: scheme === 'dark' ? '#424242' : '#e9ecef', width: 1 };
    const axis = { stroke, grid, ticks: grid };
    const value = (_: uPlot, raw: number | null) => (raw === null ? '–' : format(raw));
    const plot = new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { live: true },
        series: [
          { label: 'Time', value: (_, at) => (at === null ? '–' : new Date(at * 1000).toLocaleTimeString()) },
          ...series.map((each) => ({
            label: each.label,
            stroke: each.color,
            width: 2,
            value,
            points: pointsOf(each),
          })),
        ],
        axes: [
          { ...axis, values: DATES },
          { ...axis, size: AXIS_WIDTH, values: (_, ticks) => ticks.map(format) },
        ],
        scales: { y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
      },
      [times.map((time) => Date.parse(time) / 1000), ...series.map(({ values }) => [...values])],
      element,
    );
    return () => plot.destroy();
  }, [width, scheme, times, series, format]);
  return (
    <Box ref={ref}>
      <Text fw={600} size="sm" id={titleId}>
        {title}
      </Text>
      <div ref={holder} role="img" aria-labelledby={titleId} style={{ minHeight: HEIGHT }} />
      <p className="visually-hidden">{series.map((each) => lastOf(each, format)).join('; ')}</p>
    </Box>
  );
}
