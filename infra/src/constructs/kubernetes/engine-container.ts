import type { EngineServer } from '@afterimage/app-config';
import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IVolume } from 'kubernetes-models/v1/Volume';
import { HARDENED_CONTAINER } from './hardening.ts';
import { GPU, WORKER_HEALTH_PORT } from './pool-names.ts';

export interface EngineContainerProps {
  readonly server: EngineServer;
  readonly image: string;
  readonly gpus: number;
  readonly modelsVolume: string;
}

export const ENGINE_CONTAINER = 'engine';
/** Time for the worker's image to be pulled, and for it to start: only then can anybody judge the engine. */
const WORKER_START_SECONDS = 120;

const scratchVolume = (index: number) => `scratch-${index}`;

/** Everything that the engine can write to: its root is read-only. */
export function scratchVolumes({ scratch }: EngineServer): IVolume[] {
  return scratch.map(({ sizeGiB }, index) => ({
    name: scratchVolume(index),
    emptyDir: { sizeLimit: `${sizeGiB}Gi` },
  }));
}

/**
 * The engine as a native sidecar: it is there before the worker, and gets its SIGTERM only after the worker has ended.
 * It has no startup probe, for the worker would then not start before it: the worker itself waits until it is ready.
 */
export function engineContainer({ server, image, gpus, modelsVolume }: EngineContainerProps): IContainer {
  const gpuResources: Record<string, string> = gpus === 0 ? {} : { [GPU]: String(gpus) };
  const memory = `${server.memoryGiB * 1024}Mi`;
  const scratchGiB = server.scratch.reduce((sum, { sizeGiB }) => sum + sizeGiB, 1);
  return {
    name: ENGINE_CONTAINER,
    image,
    args: server.args,
    env: Object.entries(server.env).map(([name, value]) => ({ name, value })),
    restartPolicy: 'Always',
    securityContext: { ...HARDENED_CONTAINER, runAsUser: server.user, runAsGroup: server.user },
    resources: {
      requests: {
        cpu: `${Math.round(server.cpu * 1000)}m`,
        memory,
        'ephemeral-storage': `${scratchGiB}Gi`,
        ...gpuResources,
      },
      limits: { memory, 'ephemeral-storage': `${scratchGiB}Gi`, ...gpuResources },
    },
    // The worker judges its engine, hung ones too, and says so for 45 s: three probes.
    livenessProbe: {
      httpGet: { path: '/engine', port: WORKER_HEALTH_PORT },
      initialDelaySeconds: WORKER_START_SECONDS,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    volumeMounts: [
      { name: modelsVolume, mountPath: server.modelsPath, readOnly: true },
      ...server.scratch.map(({ path }, index) => ({ name: scratchVolume(index), mountPath: path })),
    ],
  };
}
