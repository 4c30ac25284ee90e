import { describe, expect, it } from 'vitest';
import { problemsOf } from './support/closed-validation.ts';
import { kubernetesObjects, type KubernetesObject } from './support/kubernetes-objects.ts';
import { synthStage } from './support/synth-stage.ts';

const { templates } = synthStage('dev');
const objects = [...templates.values()].flatMap(kubernetesObjects);
const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;

function anObject(kind: string): KubernetesObject {
  const object = objects.findLast((each) => each.kind === kind);
  if (object === undefined) throw new Error(`there is no ${kind}`);
  return structuredClone(object);
}

/** The object with another value at a path; what is missing on the way is made. */
function withField(object: KubernetesObject, path: string, value: unknown): KubernetesObject {
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  let place: Record<string, unknown> = object;
  for (const key of keys) place = (place[key] ??= {}) as Record<string, unknown>;
  place[last] = value;
  return object;
}

describe('the objects of the templates', () => {
  it('are there, of each kind that a cluster with pools needs', () => {
    expect([...new Set(objects.map(({ kind }) => kind))].toSorted()).toEqual([
      'ConfigMap',
      'DaemonSet',
      'Deployment',
      'EC2NodeClass',
      'Namespace',
      'NetworkPolicy',
      'NodePool',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'PodDisruptionBudget',
      'PriorityClass',
      'ScaledObject',
      'Service',
      'ServiceAccount',
      'TriggerAuthentication',
    ]);
  });

  it.each(objects.map((object) => [nameOf(object), object] as const))(
    '%s has no field that is wrong or unknown',
    (_, object) => {
      expect(problemsOf(object)).toEqual([]);
    },
  );

  it('have names of their own', () => {
    const names = objects.map(({ apiVersion, kind, metadata }) =>
      [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' '),
    );

    expect(new Set(names).size).toBe(names.length);
  });

  it('are in a namespace that is made, where they are in one', () => {
    const namespaces = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
    const used = objects.flatMap(({ metadata }) => metadata.namespace ?? []);

    expect([...new Set(used)].filter((name) => !namespaces.has(name))).toEqual([]);
  });
});

describe('the check of an object', () => {
  it.each([
    ['ScaledObject', 'spec/scaleOnInFlight', false],
    ['ScaledObject', 'spec/triggers/0/scaleOnInFlight', 'true'],
    ['NodePool', 'spec/template/spec/nodeClassReference', {}],
    ['NodePool', 'spec/disruption/budgets/0/node', '1'],
    ['EC2NodeClass', 'spec/blockDeviceMappings/0/ebs/snapshotId', 'snap-1'],
    ['EC2NodeClass', 'spec/metadataOptions/httpPutResponseHop', 1],
    ['Deployment', 'spec/template/spec/terminationGracePeriod', 60],
    ['Deployment', 'spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem', true],
    ['Deployment', 'spec/template/spec/initContainers/0/livenessProbe/httpGet/ports', 1],
    ['NetworkPolicy', 'spec/egress/0/from', []],
    ['PersistentVolume', 'spec/csi/bucketName', 'models'],
    ['PodDisruptionBudget', 'maxUnavailable', 1],
    ['TriggerAuthentication', 'spec/podIdentity/identityProvider', 'aws'],
  ])('finds a field of a %s that nobody knows: %s', (kind, path, value) => {
    expect(problemsOf(withField(anObject(kind), path, value))).toEqual([`/${path} is not known`]);
  });

  it.each([
    ['ScaledObject', 'spec/triggers/0/metadata/scaleOnInFlight', true, /must be string/],
    ['ScaledObject', 'spec/minReplicaCount', '0', /must be integer/],
    ['NodePool', 'spec/weight', 101, /must be <= 100/],
    ['NodePool', 'spec/disruption/consolidationPolicy', 'Never', /allowed values/],
    ['NodePool', 'spec/template/spec/expireAfter', '14d', /must match pattern/],
    ['EC2NodeClass', 'spec/blockDeviceMappings/1/ebs/volumeInitializationRate', 301, /must be <= 300/],
    ['EC2NodeClass', 'spec/instanceStorePolicy', 'RAID1', /allowed values/],
    ['Deployment', 'spec/selector', undefined, /required property/],
    ['Deployment', 'spec/template/spec/containers/0/ports/0/containerPort', '8081', /must be integer/],
  ])('finds a wrong value of a %s: %s', (kind, path, value, problem) => {
    expect(problemsOf(withField(anObject(kind), path, value)).join()).toMatch(problem);
  });

  it('knows no object without a schema', () => {
    const problems = problemsOf({ apiVersion: 'karpenter.sh/v1beta1', kind: 'NodePool' });

    expect(problems).toEqual(['there is no schema for karpenter.sh/v1beta1 NodePool']);
  });
});
