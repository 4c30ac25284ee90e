import type { CounterName, DurationName, GaugeName } from './catalogue.ts';
import type { CallDimensions } from './definition.ts';

/** Where an app's metrics go. Names are those of the catalogue. */
export interface MetricSink {
  count(name: CounterName, value?: number, dimensions?: CallDimensions): void;
  /** Milliseconds. */
  duration(name: DurationName, milliseconds: number): void;
  /** A value as it is now, in the metric's unit. */
  gauge(name: GaugeName, value: number): void;
  /** Writes what was gathered. A Lambda does so at the end of an invocation, a service after each job. */
  flush(): void;
}
