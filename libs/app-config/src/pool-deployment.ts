import * as z from 'zod';
import { LIMITS } from '@afterimage/job-schemas';

const absolutePath = z
  .string()
  .regex(/^(\/[A-Za-z0-9._-]+)+$/, 'must be an absolute path without a slash at its end, and not "/" itself');

/** A tag or a digest says what runs; `latest`, and no tag at all, say what happened to be there when a node started. */
const image = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9._-]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|@sha256:[0-9a-f]{64})$/,
    'must be an image with a tag or a digest: repository:tag, or registry/repository@sha256:…',
  )
  .refine((name) => !name.endsWith(':latest'), 'must have a tag other than "latest"');

const scratch = z.strictObject({ path: absolutePath, sizeGiB: z.int().min(1).max(500) });

/** The container of an engine that has its own server. */
const engineServer = z.strictObject({
  /** Without a registry's host: a repository in the account's own ECR, in the region of the deployment. */
  image,
  /** Put after the image's entry point. */
  args: z.array(z.string()).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** Of the engine's HTTP API. */
  port: z.int().min(1024).max(65_535),
  /** Number of the user that the engine runs as; not root. */
  user: z.int().min(1).max(65_534),
  /** Where the models are mounted, read-only. */
  modelsPath: absolutePath,
  /** The only places that the engine can write to: empty when the pod starts, gone with it, and no larger than this. */
  scratch: z.array(scratch).max(10).default([]),
  cpu: z.number().min(0.1).max(192),
  memoryGiB: z.number().min(0.5).max(2048),
});

const instances = z.strictObject({
  /** Such as `g6`; the more there are, the seldomer Spot runs out. */
  families: z
    .array(z.string().regex(/^[a-z][0-9]+[a-z0-9-]*$/, 'must be an instance family, such as "g6"'))
    .min(1)
    .max(20),
  /** Such as `xlarge`. */
  sizes: z.array(z.string().regex(/^(\d+)?xlarge$/, 'must be an instance size, such as "2xlarge"')).min(1),
  architecture: z.enum(['amd64', 'arm64']).default('amd64'),
});

const capacity = z.strictObject({
  /** Of the two kinds of capacity, that with the higher weight is tried first. */
  weight: z.int().min(1).max(100),
  /** Pods that there is room for on this kind of capacity: the limit of its cost. */
  maxPods: z.int().min(1).max(1000),
});

const jobsPerPod = z.int().min(1).max(1000);

const modelSource = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('s3'),
    /** Of the keys in the bucket of models. */
    prefix: z
      .string()
      .regex(/^([A-Za-z0-9._-]+\/)+$/, 'must be a prefix of keys with a slash at its end, such as "sdxl/"'),
  }),
  z.strictObject({ type: z.literal('efs'), path: absolutePath }),
]);

/** The images are on a node when it starts, or come quickly. A snapshot hides behind an instance store, so there is no third form. */
const imageCache = z.discriminatedUnion('type', [
  z.strictObject({
    /** Layers are pulled and unpacked in parallel, onto the node's own NVMe disks. */
    type: z.literal('soci'),
    downloads: z.int().min(1).max(50).default(10),
    chunkMiB: z.int().min(1).max(128).default(16),
  }),
  z.strictObject({
    /** An EBS snapshot of a data volume that has the images. */
    type: z.literal('snapshot'),
    snapshotId: z
      .string()
      .regex(/^snap-[0-9a-f]{8,17}$/, 'must be the id of an EBS snapshot, such as "snap-0123456789abcdef0"'),
    /** Speed at which EBS fetches the snapshot, in MiB/s. It is paid for by the size of the volume. */
    initializationMiBps: z.int().min(100).max(300).default(300),
  }),
]);

/** GPU families have NVMe disks but for a few; of the others, those with a `d` after their generation have. */
function hasOwnDisks(family: string): boolean {
  return /^[gp]\d/.test(family) ? !/^(g3s?|g5g|p2|p3)$/.test(family) : /^[a-z]+\d+[a-z]*d/.test(family);
}

/** How a pool is deployed: engine, machines, scaling, models. A change here concerns the workers alone. */
export const poolDeploymentSchema = z
  .strictObject({
    engineServer: engineServer.optional(),
    worker: z
      .strictObject({
        cpu: z.number().min(0.1).max(16).default(0.5),
        memoryGiB: z.number().min(0.25).max(64).default(1),
      })
      .prefault({}),
    /** 0: the pool runs on machines without a GPU. */
    gpusPerPod: z.int().min(0).max(8).default(1),
    instances,
    spot: capacity.optional(),
    onDemand: capacity.optional(),
    replicas: z.strictObject({ min: z.int().min(0).max(1000).default(0), max: z.int().min(1).max(1000) }),
    /** Jobs, waiting or running, for which there shall be one pod. */
    jobsPerPod: z.strictObject({ interactive: jobsPerPod.default(1), batch: jobsPerPod.default(4) }).prefault({}),
    /** Time between two looks at the queues while there is no pod. */
    pollSeconds: z.int().min(1).max(300).default(10),
    /** Time without any job after which the last pod goes. */
    idleSeconds: z.int().min(0).max(86_400).default(300),
    modelSource: modelSource.optional(),
    imageCache: imageCache.prefault({ type: 'soci' }),
    /** Of the node's data volume: images, and whatever pods write when the node has no disks of its own. */
    volumeGiB: z.int().min(20).max(16_000).default(100),
    /** Time that a running job has to end when its pod is told to go. */
    drainSeconds: z
      .int()
      .min(5)
      .max(LIMITS.executionTimeoutSeconds.max)
      .default(LIMITS.executionTimeoutSeconds.default),
    /** Time that the engine has to become ready, and to load a model. */
    startSeconds: z.int().min(1).max(3600).default(900),
    loadSeconds: z.int().min(1).max(3600).default(600),
    /** A job without any progress for this long is interrupted. */
    silenceSeconds: z.int().min(1).max(3600).default(120),
    /** Least time between two previews of a running job, and before its first one; 0: no previews. */
    previewSeconds: z.number().min(0).max(60).default(2),
  })
  .superRefine((deployment, context) => {
    const fail = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const { spot, onDemand, replicas, gpusPerPod, instances: machines, engineServer: server } = deployment;
    if (spot === undefined && onDemand === undefined) fail(['spot'], 'must be there, or "onDemand", or both');
    if (spot !== undefined && spot.weight === onDemand?.weight) {
      fail(['onDemand', 'weight'], `must differ from that of Spot, ${spot.weight}: the higher one is tried first`);
    }
    if (replicas.min > replicas.max) fail(['replicas', 'min'], `must be at most "max", ${replicas.max}`);
    const room = (spot?.maxPods ?? 0) + (onDemand?.maxPods ?? 0);
    if ((spot ?? onDemand) !== undefined && room < replicas.max) {
      fail(['replicas', 'max'], `must be at most the room for pods on Spot and On-Demand together, ${room}`);
    }
    for (const [index, family] of machines.families.entries()) {
      const path = ['instances', 'families', index];
      if (gpusPerPod > 0 && !/^(g(?!\d+ad$)|p)\d/.test(family)) {
        fail(path, `"${family}" has no NVIDIA GPU; a pool without GPUs has "gpusPerPod": 0`);
      } else if (deployment.imageCache.type === 'soci' && !hasOwnDisks(family)) {
        const lack = `"${family}" has no disks of its own, which the image cache "soci" needs`;
        fail(path, `${lack}; take a family that has, or "snapshot"`);
      }
    }
    const paths = server === undefined ? [] : [server.modelsPath, ...server.scratch.map(({ path }) => path)];
    for (const [index, path] of paths.entries()) {
      if (index > 0 && paths.slice(0, index).includes(path)) {
        fail(['engineServer', 'scratch', index - 1, 'path'], `"${path}" is mounted twice`);
      }
    }
  });
export type PoolDeployment = z.infer<typeof poolDeploymentSchema>;
export type EngineServer = z.infer<typeof engineServer>;
export type ModelSource = z.infer<typeof modelSource>;
