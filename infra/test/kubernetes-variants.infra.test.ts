import { describe, expect, it } from 'vitest';
import { parsePools } from '@afterimage/app-config';
import { deployedPools, type DeployedPool } from '../src/constructs/kubernetes/deployed-pool.ts';
import { modelVolume } from '../src/constructs/kubernetes/model-volume.ts';
import { nodeClass } from '../src/constructs/kubernetes/node-class.ts';
import { nodePools } from '../src/constructs/kubernetes/node-pools.ts';
import { scaledObject } from '../src/constructs/kubernetes/scaled-object.ts';
import { workerDeployment } from '../src/constructs/kubernetes/worker-deployment.ts';
import { problemsOf } from './support/closed-validation.ts';

const queueUrls = { interactive: 'https://sqs/interactive', batch: 'https://sqs/batch' };

const server = {
  image: 'registry.example.com/sdwebui:1',
  port: 7861,
  user: 1000,
  modelsPath: '/models',
  cpu: 2.5,
  memoryGiB: 9,
};

function aPool(overrides: object, engine = 'sdwebui'): DeployedPool {
  const deployment = {
    engineServer: engine === 'sdwebui' ? server : undefined,
    instances: { families: ['g6'], sizes: ['xlarge'] },
    spot: { weight: 100, maxPods: 10 },
    replicas: { max: 10 },
    modelSource: { type: 's3', prefix: 'models/' },
    ...overrides,
  };
  const pools = [{ name: 'one', engine, models: [{ id: 'one', tasks: ['text-to-image'] }], deployment }];
  const [pool] = deployedPools(parsePools(JSON.stringify({ pools }), 'pools.json'));
  if (pool === undefined) throw new Error('there is no pool');
  return pool;
}

function classOf(pool: DeployedPool) {
  return nodeClass(pool, {
    clusterName: 'cluster',
    nodeRoleName: 'role',
    securityGroupId: 'sg-0123456789abcdef0',
    stage: 'test',
  });
}

function podsOf(pool: DeployedPool) {
  const resources = {
    JOB_TABLE: 'jobs',
    OUTPUT_BUCKET: 'outputs',
    INPUT_BUCKET: 'inputs',
    JOB_REQUESTS_TOPIC_ARN: 'arn:requests',
    JOB_EVENTS_TOPIC_ARN: 'arn:events',
    API_URL: 'https://api.example.com',
    INTERACTIVE_QUEUE_URL: queueUrls.interactive,
    BATCH_QUEUE_URL: queueUrls.batch,
  };
  return workerDeployment({ pool, region: 'eu-west-1', workerImage: 'worker:1', engineImage: server.image, resources });
}

function allObjects(pool: DeployedPool) {
  return [classOf(pool), ...nodePools(pool), podsOf(pool), scaledObject({ pool, region: 'eu-west-1', queueUrls })];
}

const SNAPSHOT = { imageCache: { type: 'snapshot', snapshotId: 'snap-0123456789abcdef0' } };
const WITHOUT_GPU = {
  ...SNAPSHOT,
  gpusPerPod: 0,
  instances: { families: ['c7g'], sizes: ['xlarge'], architecture: 'arm64' },
};

describe.each([
  ['with images on its own disks', {}],
  ['with images on a snapshot', SNAPSHOT],
  ['without a GPU', WITHOUT_GPU, 'onnx'],
  ['on On-Demand machines alone', { spot: undefined, onDemand: { weight: 1, maxPods: 10 } }],
  ['with several GPUs for a pod', { gpusPerPod: 4 }],
])('a pool %s', (_, overrides, engine?: string) => {
  it('is of objects without a field that is wrong or unknown', () => {
    expect(allObjects(aPool(overrides, engine)).flatMap(problemsOf)).toEqual([]);
  });
});

describe('the images of a pool', () => {
  it('are pulled in parallel onto the disks of the machine', () => {
    const { spec } = classOf(aPool({ imageCache: { type: 'soci', downloads: 7, chunkMiB: 32 } }));

    expect(spec?.instanceStorePolicy).toBe('RAID0');
    expect(spec?.userData).toContain('snapshotter = "soci"');
    expect(spec?.userData).toContain('max-concurrent-downloads-per-image = 7');
    expect(spec?.userData).toContain('concurrent-download-chunk-size = "32mb"');
    expect(spec?.blockDeviceMappings?.map(({ ebs }) => ebs?.snapshotID)).toEqual([undefined, undefined]);
  });

  it('are on a volume of a snapshot, which the disks of the machine would hide', () => {
    const { spec } = classOf(aPool(SNAPSHOT));

    expect(spec?.instanceStorePolicy).toBeUndefined();
    expect(spec?.userData).toBeUndefined();
    expect(spec?.blockDeviceMappings?.[1]?.ebs).toMatchObject({
      snapshotID: 'snap-0123456789abcdef0',
      volumeInitializationRate: 300,
      volumeSize: '100Gi',
      encrypted: true,
    });
  });
});

describe('the models of a pool', () => {
  it('can be a folder of the file system, read-only and encrypted on the way', () => {
    const source = { type: 'efs', path: '/one' } as const;
    const place = { region: 'eu-west-1', bucketName: 'models', fileSystemId: 'fs-0123', user: 1000 };
    const [volume, claim] = modelVolume({ pool: 'one', source, ...place });

    expect([volume, claim].flatMap(problemsOf)).toEqual([]);
    expect(volume.spec?.csi).toEqual({ driver: 'efs.csi.aws.com', volumeHandle: 'fs-0123:/one', readOnly: true });
    expect(volume.spec?.mountOptions).toEqual(['tls', 'iam']);
    expect(claim.spec?.volumeName).toBe(volume.metadata?.name);
  });
});

describe('the capacity of a pool', () => {
  it('is one kind where the other is not asked for', () => {
    const names = (pool: DeployedPool) => nodePools(pool).map(({ metadata }) => metadata?.name);

    expect(names(aPool({}))).toEqual(['worker-one-spot']);
    expect(names(aPool({ spot: undefined, onDemand: { weight: 1, maxPods: 10 } }))).toEqual(['worker-one-on-demand']);
  });

  it('is counted in GPUs of all pods, or in CPUs where there are none', () => {
    const limitsOf = (pool: DeployedPool) => nodePools(pool).map(({ spec }) => spec.limits);

    expect(limitsOf(aPool({ gpusPerPod: 4 }))).toEqual([{ 'nvidia.com/gpu': '40' }]);
    expect(limitsOf(aPool(WITHOUT_GPU, 'onnx'))).toEqual([{ cpu: '10' }]);
    const large = { ...WITHOUT_GPU.instances, sizes: ['xlarge', '4xlarge'] };
    expect(limitsOf(aPool({ ...WITHOUT_GPU, instances: large }, 'onnx'))).toEqual([{ cpu: '16' }]);
  });

  it('is of no GPU machine where there is none asked for', () => {
    const [nodePool] = nodePools(aPool(WITHOUT_GPU, 'onnx'));
    const pod = podsOf(aPool(WITHOUT_GPU, 'onnx')).spec?.template.spec;

    expect(nodePool?.spec.template.spec.taints?.map(({ key }) => key)).toEqual(['afterimage/pool']);
    expect(nodePool?.spec.template.spec.requirements.map(({ key }) => key)).not.toContain(
      'karpenter.k8s.aws/instance-gpu-count',
    );
    expect(pod?.tolerations?.map(({ key }) => key)).toEqual(['afterimage/pool']);
  });
});

describe('an engine that is part of the worker', () => {
  it('has its models there, and no container of its own', () => {
    const pod = podsOf(aPool(WITHOUT_GPU, 'onnx')).spec?.template.spec;
    const [worker] = pod?.containers ?? [];

    expect(pod?.initContainers).toEqual([]);
    expect(worker?.volumeMounts).toEqual([{ name: 'models', mountPath: '/models', readOnly: true }]);
    expect(worker?.env).toContainEqual({ name: 'ONNX_MODELS', value: '/models' });
    expect(worker?.env?.map(({ name }) => name)).not.toContain('ENGINE_URL');
  });
});

describe('deployedPools', () => {
  it('names the pools that nobody would work for', () => {
    const model = { tasks: ['text-to-image'] };
    const pools = ['a', 'b'].map((name) => ({ name, engine: 'sketch', models: [{ ...model, id: name }] }));

    expect(() => deployedPools(parsePools(JSON.stringify({ pools }), 'pools.json'))).toThrow(
      'pools.json: "deployment" is missing in the pool "a", "b"',
    );
  });
});
