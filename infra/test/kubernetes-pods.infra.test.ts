import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { describe, expect, it } from 'vitest';
import { gpuWorkerEnv, loadConfig } from '@afterimage/app-config';
import { kubernetesObjects, objectOf } from './support/kubernetes-objects.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const objects = kubernetesObjects(templateOf(synthStage('dev'), 'GpuPools'));

function podOf({ spec }: IDeployment) {
  const pod = spec?.template.spec;
  const [worker] = pod?.containers ?? [];
  const [engine] = pod?.initContainers ?? [];
  if (pod === undefined || worker === undefined || engine === undefined) throw new Error('the pod is not complete');
  return { pod, worker, engine };
}

const deployment = objectOf(objects, Deployment.is, 'worker-sdxl');
const { pod, worker, engine } = podOf(deployment);

/** The variables of a container; one that Kubernetes fills in has the name of its source. */
function environmentOf({ env = [] }: typeof worker): Record<string, string> {
  const url = (value: string) => (value.startsWith('-Fn-') ? `https://example.com/${value}` : value);
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => {
      const text = value ?? valueFrom?.fieldRef?.fieldPath ?? '';
      if (name.endsWith('_URL')) return [name, url(text)];
      return [name, name.endsWith('_ARN') ? `arn:${text}` : text];
    }),
  );
}

describe('a pod of a pool', () => {
  it('has time to finish its job, to give it back, and to end its engine', () => {
    const env = loadConfig(gpuWorkerEnv, environmentOf(worker));

    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(env.DRAIN_SECONDS + env.LEASE_SECONDS);
    expect(env.DRAIN_SECONDS).toBeGreaterThanOrEqual(600);
  });

  it('gives its worker an environment that the worker takes', () => {
    const env = loadConfig(gpuWorkerEnv, environmentOf(worker));

    expect(env).toMatchObject({
      POOL: 'sdxl',
      ENGINE: 'sdwebui',
      ENGINE_URL: 'http://127.0.0.1:7861',
      IMDS_URL: 'http://$(HOST_IP):8082',
      WORKER_ID: 'metadata.name',
      HEALTH_PORT: 8081,
    });
    const names = worker.env?.map(({ name }) => name) ?? [];
    expect(names.indexOf('HOST_IP')).toBeLessThan(names.indexOf('IMDS_URL'));
  });

  it('has nothing in its environment that the worker does not know', () => {
    const known = new Set([...Object.keys(gpuWorkerEnv.shape), 'HOST_IP', 'AWS_REGION', 'OTEL_EXPORTER_OTLP_ENDPOINT']);

    expect(worker.env?.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has its engine beside the worker from before its start until after its end, and the worker as its judge', () => {
    expect(engine.restartPolicy).toBe('Always');
    expect(engine.livenessProbe?.httpGet).toEqual({ path: '/engine', port: 8081 });
    expect(engine.startupProbe).toBeUndefined();
    // The worker shows a lost engine for 45 s: long enough for the engine to be restarted, and not the worker.
    const secondsOf = ({ periodSeconds = 0, failureThreshold = 0 } = {}) => periodSeconds * failureThreshold;
    expect(secondsOf(engine.livenessProbe)).toBeLessThan(45);
    expect(secondsOf(worker.livenessProbe)).toBeGreaterThan(45);
  });

  it('has the probes of the worker, and waits for the engine as long as the worker does', () => {
    expect(worker.livenessProbe?.httpGet?.path).toBe('/live');
    expect(worker.readinessProbe?.httpGet?.path).toBe('/ready');
    const { httpGet, periodSeconds = 0, failureThreshold = 0 } = worker.startupProbe ?? {};
    expect(httpGet?.path).toBe('/startup');
    expect(periodSeconds * failureThreshold).toBeGreaterThan(900);
  });

  it('has its images from the registry of the account, by tags that stay', () => {
    const registry = /^-Ref-AWS-AccountId-\.dkr\.ecr\.us-east-1\.-Ref-AWS-URLSuffix-\//;

    expect(engine.image).toMatch(registry);
    expect(engine.image).toMatch(/\/afterimage\/sdwebui:1\.10\.1$/);
    expect(worker.image).toMatch(registry);
    expect(worker.image).toMatch(/\/afterimage-dev-gpu-worker:[0-9a-f]{32}$/);
  });

  it('has the GPU for its engine, and limits on memory and disk', () => {
    expect(engine.resources?.limits).toEqual({ memory: '9216Mi', 'ephemeral-storage': '9Gi', 'nvidia.com/gpu': '1' });
    expect(worker.resources?.limits).toEqual({ memory: '1024Mi' });
    const scratch = pod.volumes?.flatMap(({ emptyDir }) => (emptyDir === undefined ? [] : [emptyDir.sizeLimit]));
    expect(scratch).toEqual(['4Gi', '4Gi']);
  });

  it('is let load its models, and can be told of a Spot interruption afterwards', () => {
    expect(deployment.spec?.template.metadata?.annotations).toMatchObject({ 'karpenter.sh/do-not-disrupt': '900s' });
  });

  it('gives the credentials of the worker to the worker alone', () => {
    const skipped = deployment.spec?.template.metadata?.annotations?.['eks.amazonaws.com/skip-containers'];

    expect(pod.initContainers?.map(({ name }) => name)).toEqual([skipped]);
  });

  it('leaves the number of pods to KEDA', () => {
    expect(deployment.spec?.replicas).toBeUndefined();
  });

  it.each(
    objects.flatMap((each) => (Deployment.is(each) || DaemonSet.is(each) ? [[each.metadata.name, each] as const] : [])),
  )('cannot be root, gain rights or write to its images: %s', (_, { spec }) => {
    const each = spec?.template.spec;
    expect(each).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { securityContext, volumeMounts = [] } of [
      ...(each?.initContainers ?? []),
      ...(each?.containers ?? []),
    ]) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(securityContext?.runAsUser).not.toBe(0);
      const writable = volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ name }) => name);
      expect(writable.filter((name) => !name.startsWith('scratch-'))).toEqual([]);
    }
  });

  it('is of no fewer than half of its pool when nodes are drained', () => {
    const { spec } = objectOf(objects, PodDisruptionBudget.is, 'worker-sdxl');

    expect(spec).toMatchObject({ maxUnavailable: '50%', unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    expect(spec?.selector).toEqual(deployment.spec?.selector);
  });
});
