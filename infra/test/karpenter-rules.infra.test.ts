import { EC2NodeClass, type IEC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/EC2NodeClass';
import { NodePool, type INodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1/NodePool';
import { describe, expect, it } from 'vitest';
import { kubernetesObjects } from './support/kubernetes-objects.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

// Rules that Karpenter's resource definitions have as CEL expressions, which the validators do not know.
const objects = kubernetesObjects(templateOf(synthStage('dev'), 'GpuPools'));
const classes = objects.flatMap((each) =>
  EC2NodeClass.is(each) && each.spec !== undefined ? [[each.metadata.name, each.spec] as const] : [],
);
const pools = objects.flatMap((each) => (NodePool.is(each) ? [[each.metadata.name, each.spec] as const] : []));

type ClassSpec = NonNullable<IEC2NodeClass['spec']>;
type PoolSpec = INodePool['spec'];

/** Of nodes and machines, in Karpenter's own hands. */
const RESTRICTED_TAGS =
  /^(eks:eks-cluster-name$|kubernetes\.io\/cluster|karpenter\.sh\/|karpenter\.k8s\.aws\/ec2nodeclass)/;
const RESTRICTED_LABELS = /(^|\.)(kubernetes\.io|k8s\.io|karpenter\.sh)\//;

describe.each(classes)('the node class %s', (_, spec: ClassSpec) => {
  it('has a role and no instance profile', () => {
    expect(spec.role).toMatch(/./);
    expect(spec.instanceProfile).toBeUndefined();
  });

  it('has its image by an alias alone, whose family it does not contradict', () => {
    expect(spec.amiSelectorTerms.map((term) => Object.keys(term))).toEqual([['alias']]);
    expect(spec.amiFamily).toBeUndefined();
  });

  it('has its security group by an id alone', () => {
    expect(spec.securityGroupSelectorTerms.map((term) => Object.keys(term))).toEqual([['id']]);
  });

  it('tags machines with tags that are its own to give', () => {
    expect(Object.keys(spec.tags ?? {}).filter((tag) => RESTRICTED_TAGS.test(tag))).toEqual([]);
  });

  it('says of each volume how large it is, and has one speed of initialization where there is a snapshot', () => {
    for (const { ebs } of spec.blockDeviceMappings ?? []) {
      expect(ebs?.volumeSize).toMatch(/^\d+Gi$/);
      expect(ebs?.volumeInitializationRate === undefined).toBe(ebs?.snapshotID === undefined);
    }
  });
});

describe.each(pools)('the node pool %s', (_, spec: PoolSpec) => {
  const { requirements, nodeClassRef } = spec.template.spec;

  it('asks for something once, and for machines above a number by one number', () => {
    const keys = requirements.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { values = [] } of requirements) expect(values.length).toBeGreaterThan(0);
    const numbers = requirements.filter(({ operator }) => operator === 'Gt').map(({ values }) => values);
    expect(numbers.filter((values) => !/^\d+$/.test(String(values)))).toEqual([]);
  });

  it('gives nodes labels that are its own to give', () => {
    expect(Object.keys(spec.template.metadata?.labels ?? {}).filter((key) => RESTRICTED_LABELS.test(key))).toEqual([]);
  });

  it('is of machines of a class that is there', () => {
    expect(classes.map(([name]) => name)).toContain(nodeClassRef.name);
    expect(nodeClassRef).toMatchObject({ group: 'karpenter.k8s.aws', kind: 'EC2NodeClass' });
  });
});
