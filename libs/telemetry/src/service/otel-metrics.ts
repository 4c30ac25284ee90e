import type { Counter, Gauge, Histogram } from '@opentelemetry/api';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from '@opentelemetry/otlp-exporter-base/node-http';
import { JsonMetricsSerializer, MetricsExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { METRIC_CATALOGUE, METRIC_NAMESPACE, type MetricName } from '../metrics/catalogue.ts';
import { closedDimensions } from '../metrics/closed-dimensions.ts';
import type { CallDimensions } from '../metrics/definition.ts';
import type { MetricOptions } from '../metrics/emf-metrics.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Several values in each period of CloudWatch, so that an alarm does not wait for the next one. */
const INTERVAL_MS = 20_000;
const EXPORT_MS = 3000;
const CLOSE_MS = 2000;

class OtlpMetricExporter extends OTLPExporterBase<ResourceMetrics> implements PushMetricExporter {
  constructor(endpoint: string) {
    const options = { url: `${endpoint}/v1/metrics`, timeoutMillis: EXPORT_MS };
    const parameters = convertLegacyHttpOptions(options, 'METRICS', 'v1/metrics', {
      'Content-Type': 'application/json',
    });
    super(
      createOtlpHttpExportDelegate(
        parameters,
        JsonMetricsSerializer,
        'otlp_http_metric_exporter',
        MetricsExporterMetricsHelper,
        undefined,
      ),
    );
  }

  /** What happened since the last time: the collector keeps no state, so any of its pods can take it. */
  selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.DELTA;
  }

  /** Exponential histograms keep what CloudWatch computes percentiles of. */
  selectAggregation(instrument: InstrumentType) {
    if (instrument === InstrumentType.HISTOGRAM) return { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
    return { type: AggregationType.DEFAULT } as const;
  }
}

/** Metrics by OTLP, every twenty seconds; they are dropped while the collector does not answer. */
export function createOtelMetrics({ service, pool, endpoint }: MetricOptions & { endpoint: string }): ServiceMetrics {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OtlpMetricExporter(endpoint),
    exportIntervalMillis: INTERVAL_MS,
    exportTimeoutMillis: EXPORT_MS,
  });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter(METRIC_NAMESPACE);
  const counters = new Map<MetricName, Counter>();
  const histograms = new Map<MetricName, Histogram>();
  const gauges = new Map<MetricName, Gauge>();

  function attributesOf(name: MetricName, call?: CallDimensions): Record<string, string> {
    return { service, ...Object.fromEntries(closedDimensions(METRIC_CATALOGUE[name].dimensions, pool, call)) };
  }

  function instrument<T>(made: Map<MetricName, T>, name: MetricName, make: (name: MetricName) => T): T {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  }

  return {
    count(name, value = 1, dimensions) {
      instrument(counters, name, (each) => meter.createCounter(each)).add(value, attributesOf(name, dimensions));
    },
    duration(name, milliseconds) {
      const histogram = instrument(histograms, name, (each) => meter.createHistogram(each, { unit: 'ms' }));
      histogram.record(milliseconds, attributesOf(name));
    },
    gauge(name, value) {
      instrument(gauges, name, (each) => meter.createGauge(each, { unit: '%' })).record(value, attributesOf(name));
    },
    // Everything goes out in its time.
    flush: () => undefined,
    close: () => provider.shutdown({ timeoutMillis: CLOSE_MS }).catch(() => undefined),
  };
}
