import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IService } from 'kubernetes-models/v1/Service';
import { dimensionSets, METRIC_CATALOGUE, METRIC_NAMESPACE } from '@afterimage/telemetry/metrics';
import { OTEL_COLLECTOR_IMAGE } from '../cluster/versions.ts';
import { fingerprint } from './fingerprint.ts';
import { HARDENED_CONTAINER, hardenedPod } from './hardening.ts';

export const OTEL_NAMESPACE = 'observability';
export const OTEL_SERVICE = 'otel-collector';
/** OTLP over HTTP. */
export const OTEL_PORT = 4318;
const HEALTH_PORT = 13_133;
const USER = 10_001;

const LABELS = { 'app.kubernetes.io/name': OTEL_SERVICE };
const CONFIG = 'collector-config';

/** Base URL for exporters in any pod of the cluster. */
export const OTEL_ENDPOINT = `http://${OTEL_SERVICE}.${OTEL_NAMESPACE}:${OTEL_PORT}`;

export const OTEL_NAMESPACE_OBJECT: INamespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: OTEL_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

/** What traces can be searched by. */
export const INDEXED_ATTRIBUTES = ['job.id', 'job.attempt', 'job.outcome', 'job.pool', 'tenant.id'];

export interface CollectorSettings {
  readonly region: string;
  /** Takes metrics in the embedded metric format, in which CloudWatch finds them. */
  readonly metricsLogGroup: string;
}

/** The dimensions that CloudWatch shall have each metric of the workers under. */
function metricDeclarations() {
  const ofWorkers = Object.entries(METRIC_CATALOGUE).filter(([, { services }]) => services.includes('gpu-worker'));
  const alike = Map.groupBy(ofWorkers, ([, metric]) => JSON.stringify(dimensionSets(metric)));
  return [...alike].map(([sets, metrics]) => ({
    dimensions: JSON.parse(sets),
    metric_name_selectors: metrics.map(([name]) => `^${name}$`),
  }));
}

function collectorConfig({ region, metricsLogGroup }: CollectorSettings): string {
  return JSON.stringify({
    extensions: { health_check: { endpoint: `0.0.0.0:${HEALTH_PORT}` } },
    receivers: { otlp: { protocols: { http: { endpoint: `0.0.0.0:${OTEL_PORT}` } } } },
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
      batch: { timeout: '5s' },
    },
    exporters: {
      awsxray: { region, indexed_attributes: INDEXED_ATTRIBUTES },
      awsemf: {
        region,
        namespace: METRIC_NAMESPACE,
        log_group_name: metricsLogGroup,
        log_stream_name: 'workers',
        dimension_rollup_option: 'NoDimensionRollup',
        metric_declarations: metricDeclarations(),
      },
    },
    service: {
      extensions: ['health_check'],
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] },
        metrics: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsemf'] },
      },
    },
  });
}

/** Configuration, Deployment and Service of the collector. JSON is YAML, so its configuration is written as JSON. */
export function otelCollectorObjects(settings: CollectorSettings): [IConfigMap, IDeployment, IService] {
  const metadata = { name: OTEL_SERVICE, namespace: OTEL_NAMESPACE, labels: LABELS };
  const config: IConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name: CONFIG },
    data: { 'collector.yaml': collectorConfig(settings) },
  };
  const probe = { httpGet: { path: '/', port: HEALTH_PORT }, timeoutSeconds: 5 };
  const deployment: IDeployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 2,
      selector: { matchLabels: LABELS },
      template: {
        // Another configuration is another pod.
        metadata: { labels: LABELS, annotations: { 'afterimage/config': fingerprint(config.data) } },
        spec: {
          ...hardenedPod(USER),
          serviceAccountName: OTEL_SERVICE,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: LABELS },
            },
          ],
          containers: [
            {
              name: 'collector',
              image: OTEL_COLLECTOR_IMAGE,
              args: ['--config=/etc/otel/collector.yaml'],
              env: [{ name: 'AWS_REGION', value: settings.region }],
              ports: [{ name: 'otlp-http', containerPort: OTEL_PORT }],
              livenessProbe: probe,
              readinessProbe: probe,
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
              securityContext: HARDENED_CONTAINER,
              volumeMounts: [{ name: 'config', mountPath: '/etc/otel', readOnly: true }],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: CONFIG } }],
        },
      },
    },
  };
  const service: IService = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: LABELS, ports: [{ name: 'otlp-http', port: OTEL_PORT, targetPort: OTEL_PORT }] },
  };
  return [config, deployment, service];
}
