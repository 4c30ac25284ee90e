import type { HealthCheck } from '@afterimage/app-host/service';
import type { CallDimensions, CounterName, DurationName, GaugeName, MetricSink } from '@afterimage/telemetry';

interface Durations {
  readonly count: number;
  readonly sumMs: number;
}

/** `WorkerReceiveErrors` → `worker_receive_errors`. */
function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase();
}

/** Passes metrics on, and keeps their totals since the start for `GET /metrics`. */
export class PrometheusMetrics implements MetricSink {
  readonly #next: MetricSink;
  readonly #counts = new Map<string, number>();
  readonly #durations = new Map<string, Durations>();
  readonly #gauges = new Map<string, number>();

  constructor(next: MetricSink) {
    this.#next = next;
  }

  count(name: CounterName, value = 1, dimensions: CallDimensions = {}): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + value);
    this.#next.count(name, value, dimensions);
  }

  duration(name: DurationName, milliseconds: number): void {
    const { count, sumMs } = this.#durations.get(name) ?? { count: 0, sumMs: 0 };
    this.#durations.set(name, { count: count + 1, sumMs: sumMs + milliseconds });
    this.#next.duration(name, milliseconds);
  }

  gauge(name: GaugeName, value: number): void {
    this.#gauges.set(name, value);
    this.#next.gauge(name, value);
  }

  flush(): void {
    this.#next.flush();
  }

  /** The text format of Prometheus; `gauges` by their full names. */
  report(gauges: Readonly<Record<string, number>>): HealthCheck {
    const lines = Object.entries(gauges).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]);
    for (const [name, value] of this.#gauges) {
      const metric = `afterimage_${snakeCase(name)}_percent`;
      lines.push(`# TYPE ${metric} gauge`, `${metric} ${value}`);
    }
    for (const [name, value] of this.#counts) {
      const metric = `afterimage_${snakeCase(name)}_total`;
      lines.push(`# TYPE ${metric} counter`, `${metric} ${value}`);
    }
    for (const [name, { count, sumMs }] of this.#durations) {
      const metric = `afterimage_${snakeCase(name)}_seconds`;
      lines.push(`# TYPE ${metric} summary`, `${metric}_sum ${sumMs / 1000}`, `${metric}_count ${count}`);
    }
    return { ok: true, text: `${lines.join('\n')}\n` };
  }
}
