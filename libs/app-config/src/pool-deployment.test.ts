import { describe, expect, it } from 'vitest';
import { parsePools, withoutDeployment } from './pools.ts';

const server = {
  image: 'afterimage/sdwebui:1.10.1',
  port: 7861,
  user: 1000,
  modelsPath: '/models',
  cpu: 2.5,
  memoryGiB: 9,
};
const deployment = {
  engineServer: server,
  instances: { families: ['g6', 'g5'], sizes: ['xlarge', '2xlarge'] },
  spot: { weight: 100, maxPods: 10 },
  onDemand: { weight: 10, maxPods: 2 },
  replicas: { max: 12 },
  modelSource: { type: 's3', prefix: 'sdxl/' },
};

function parse(overrides: object, engine = 'sdwebui') {
  const models = [{ id: 'sdxl', tasks: ['text-to-image'] }];
  const pools = [{ name: 'gpu', engine, models, deployment: { ...deployment, ...overrides } }];
  return parsePools(JSON.stringify({ pools }), 'pools.json');
}

const withServer = (overrides: object) => ({ engineServer: { ...server, ...overrides } });

describe('the deployment of a pool', () => {
  it('has defaults for all that is not about its images, machines and models', () => {
    expect(parse({}).pools[0]?.deployment).toStrictEqual({
      ...deployment,
      engineServer: { ...server, args: [], env: {}, scratch: [] },
      instances: { ...deployment.instances, architecture: 'amd64' },
      worker: { cpu: 0.5, memoryGiB: 1 },
      gpusPerPod: 1,
      replicas: { min: 0, max: 12 },
      jobsPerPod: { interactive: 1, batch: 4 },
      pollSeconds: 10,
      idleSeconds: 300,
      imageCache: { type: 'soci', downloads: 10, chunkMiB: 16 },
      volumeGiB: 100,
      drainSeconds: 600,
      startSeconds: 900,
      loadSeconds: 600,
      silenceSeconds: 120,
      previewSeconds: 2,
    });
  });

  it.each([
    ['an image without a tag', withServer({ image: 'afterimage/sdwebui' }), 'engineServer.image'],
    ['an image of today', withServer({ image: 'afterimage/sdwebui:latest' }), 'must have a tag other than "latest"'],
    ['an engine that is root', withServer({ user: 0 }), 'engineServer.user'],
    ['a relative path', withServer({ modelsPath: 'models' }), 'must be an absolute path'],
    ['the root as a place to write', withServer({ scratch: [{ path: '/', sizeGiB: 1 }] }), 'must be an absolute path'],
    [
      'two volumes at one path',
      withServer({ scratch: [{ path: '/models', sizeGiB: 1 }] }),
      '"/models" is mounted twice\n  → at pools[0].deployment.engineServer.scratch[0].path',
    ],
    ['no capacity at all', { spot: undefined, onDemand: undefined }, 'must be there, or "onDemand", or both'],
    ['equal weights', { onDemand: { weight: 100, maxPods: 2 } }, 'must differ from that of Spot, 100'],
    ['fewer replicas at most than at least', { replicas: { min: 5, max: 4 } }, 'must be at most "max", 4'],
    ['more replicas than there is room for', { replicas: { max: 13 } }, 'Spot and On-Demand together, 12'],
    [
      'GPUs of another maker',
      { instances: { families: ['g6', 'g4ad'], sizes: ['xlarge'] } },
      '"g4ad" has no NVIDIA GPU; a pool without GPUs has "gpusPerPod": 0\n  → at pools[0].deployment.instances.families[1]',
    ],
    ['GPUs where there are none', { instances: { families: ['c7i'], sizes: ['xlarge'] } }, '"c7i" has no NVIDIA GPU'],
    ['a size of another kind', { instances: { families: ['g6'], sizes: ['large'] } }, 'such as "2xlarge"'],
    [
      'an engine with a server but without models',
      { modelSource: undefined },
      'engine "sdwebui" reads its models from',
    ],
    ['a prefix that is no folder', { modelSource: { type: 's3', prefix: 'sdxl' } }, 'with a slash at its end'],
    [
      'a snapshot on an instance store',
      { imageCache: { type: 'snapshot', snapshotId: 'snap-0123456789abcdef0', downloads: 10 } },
      'Unrecognized key: "downloads"',
    ],
    ['a snapshot that is none', { imageCache: { type: 'snapshot', snapshotId: 'latest' } }, 'id of an EBS snapshot'],
    ['a drain beyond the longest job', { drainSeconds: 3601 }, '<=3600'],
    ['a misspelt field', { drainSecond: 60 }, 'Unrecognized key: "drainSecond"'],
  ])('refuses %s', (_, overrides, message) => {
    expect(() => parse(overrides)).toThrow(message);
    expect(() => parse(overrides)).toThrow(/^pools\.json is not a pools file:/);
  });

  it('has the engine server that the engine asks for, and no other', () => {
    expect(() => parse({ engineServer: undefined })).toThrow(
      'must be there: the engine "sdwebui" is a server of its own\n  → at pools[0].deployment.engineServer',
    );
    expect(() => parse({}, 'sketch')).toThrow('must not be there: the engine "sketch" is part of the worker');
  });

  const onCpus = {
    engineServer: undefined,
    gpusPerPod: 0,
    instances: { families: ['c7gd', 'm7gd'], sizes: ['xlarge'], architecture: 'arm64' },
  };

  it('is on machines without GPUs when the engine is part of the worker', () => {
    expect(parse({ ...onCpus, modelSource: undefined }, 'sketch').pools[0]?.deployment?.gpusPerPod).toBe(0);
    expect(() => parse({ engineServer: undefined }, 'sketch')).toThrow(
      'must be 0: the engine "sketch" is part of the worker, whose image has no CUDA\n  → at pools[0].deployment.gpusPerPod',
    );
  });

  it('has models where the engine needs some', () => {
    expect(parse(onCpus, 'onnx').pools).toHaveLength(1);
    expect(() => parse({ ...onCpus, modelSource: undefined }, 'onnx')).toThrow(
      'must be there: the engine "onnx" reads its models from S3 or EFS',
    );
  });

  it('has its images on disks that its machines have', () => {
    const instances = { families: ['c7gd', 'c7g'], sizes: ['xlarge'] };
    const snapshot = { type: 'snapshot', snapshotId: 'snap-0123456789abcdef0' };

    expect(() => parse({ ...onCpus, instances }, 'onnx')).toThrow(
      '"c7g" has no disks of its own, which the image cache "soci" needs; take a family that has, or "snapshot"',
    );
    expect(() => parse({ instances: { families: ['g5g'], sizes: ['xlarge'] } })).toThrow('"g5g" has no disks');
    expect(parse({ ...onCpus, instances, imageCache: snapshot }, 'onnx').pools).toHaveLength(1);
  });
});

describe('withoutDeployment', () => {
  it('leaves what clients are told, and nothing else', () => {
    const one = withoutDeployment(parse({}));

    expect(one.pools[0]).toMatchObject({ name: 'gpu', engine: 'sdwebui', models: [{ id: 'sdxl' }] });
    expect(one).toStrictEqual(withoutDeployment(parse({ replicas: { max: 3 } })));
    expect(JSON.stringify(one)).not.toContain('replicas');
  });
});
