import type { gpuWorkerEnv } from '@afterimage/app-config';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IEnvVar } from 'kubernetes-models/v1/EnvVar';
import type { EnvironmentOf } from '../app-function.ts';
import type { DeployedPool } from './deployed-pool.ts';
import { HARDENED_CONTAINER } from './hardening.ts';
import { OTEL_ENDPOINT } from './otel-collector-objects.ts';
import { WORKER_HEALTH_PORT, WORKER_MODELS_PATH } from './pool-names.ts';
import { SPOT_RELAY_PORT } from './spot-relay-objects.ts';

/** What the worker needs to know of the deployment: table, buckets, topics and queues. */
export type WorkerResources = Pick<
  Required<EnvironmentOf<typeof gpuWorkerEnv>>,
  | 'JOB_TABLE'
  | 'OUTPUT_BUCKET'
  | 'INPUT_BUCKET'
  | 'JOB_REQUESTS_TOPIC_ARN'
  | 'JOB_EVENTS_TOPIC_ARN'
  | 'API_URL'
  | 'INTERACTIVE_QUEUE_URL'
  | 'BATCH_QUEUE_URL'
>;

export interface WorkerContainerProps {
  readonly pool: DeployedPool;
  readonly image: string;
  readonly region: string;
  readonly resources: WorkerResources;
  readonly modelsVolume: string | undefined;
}

/** Of a job: given back by then when the jobs table cannot be reached. */
export const LEASE_SECONDS = 30;
const STARTUP_PERIOD_SECONDS = 5;

function environment({ pool, region, resources }: WorkerContainerProps): IEnvVar[] {
  const { deployment, engine, name } = pool;
  const server = deployment.engineServer;
  const own: EnvironmentOf<typeof gpuWorkerEnv> = {
    ...resources,
    POOL: name,
    ENGINE: engine,
    ...(server === undefined ? {} : { ENGINE_URL: `http://127.0.0.1:${server.port}` }),
    ...(engine === 'onnx' ? { ONNX_MODELS: WORKER_MODELS_PATH } : {}),
    ENGINE_START_SECONDS: String(deployment.startSeconds),
    ENGINE_LOAD_SECONDS: String(deployment.loadSeconds),
    ENGINE_SILENCE_SECONDS: String(deployment.silenceSeconds),
    PREVIEW_INTERVAL_MS: String(Math.round(deployment.previewSeconds * 1000)),
    IMDS_URL: `http://$(HOST_IP):${SPOT_RELAY_PORT}`,
    LEASE_SECONDS: String(LEASE_SECONDS),
    DRAIN_SECONDS: String(deployment.drainSeconds),
    HEALTH_PORT: String(WORKER_HEALTH_PORT),
  };
  const fromPod = (variable: string, fieldPath: string) => ({ name: variable, valueFrom: { fieldRef: { fieldPath } } });
  return [
    fromPod('WORKER_ID', 'metadata.name'),
    // Before the variable that contains it.
    fromPod('HOST_IP', 'status.hostIP'),
    ...Object.entries({
      ...own,
      AWS_REGION: region,
      OTEL_EXPORTER_OTLP_ENDPOINT: OTEL_ENDPOINT,
      OTEL_METRICS_EXPORTER: 'otlp',
    }).map(([variable, value]) => ({ name: variable, value })),
  ];
}

/** The worker: takes jobs, has its engine work on them, and tells the kubelet how both are. */
export function workerContainer(props: WorkerContainerProps): IContainer {
  const { pool, image, modelsVolume } = props;
  const { worker, startSeconds, engineServer } = pool.deployment;
  const probe = (path: string) => ({ httpGet: { path, port: WORKER_HEALTH_PORT }, timeoutSeconds: 5 });
  const memory = `${worker.memoryGiB * 1024}Mi`;
  return {
    name: 'worker',
    image,
    env: environment(props),
    ports: [{ name: 'health', containerPort: WORKER_HEALTH_PORT }],
    securityContext: HARDENED_CONTAINER,
    resources: {
      requests: { cpu: `${Math.round(worker.cpu * 1000)}m`, memory },
      limits: { memory },
    },
    // It waits for its engine as long as this, and a minute more for itself.
    startupProbe: {
      ...probe('/startup'),
      periodSeconds: STARTUP_PERIOD_SECONDS,
      failureThreshold: Math.ceil((startSeconds + 60) / STARTUP_PERIOD_SECONDS),
    },
    // Longer than the 45 s for which it shows a lost engine before it ends by itself: ended sooner, it would save the engine.
    livenessProbe: { ...probe('/live'), periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...probe('/ready'), periodSeconds: 5 },
    volumeMounts:
      engineServer === undefined && modelsVolume !== undefined
        ? [{ name: modelsVolume, mountPath: WORKER_MODELS_PATH, readOnly: true }]
        : [],
  };
}
