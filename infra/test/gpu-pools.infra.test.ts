import { EC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/EC2NodeClass';
import { NodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1/NodePool';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PersistentVolume } from 'kubernetes-models/v1/PersistentVolume';
import { describe, expect, it } from 'vitest';
import { kubernetesObjects, objectOf } from './support/kubernetes-objects.ts';
import { propertiesOf } from './support/properties-of.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const template = templateOf(synthStage('dev'), 'GpuPools');
const objects = kubernetesObjects(template);

const pod = objectOf(objects, Deployment.is, 'worker-sdxl').spec?.template.spec;

describe('the machines of a pool', () => {
  const nodePools = [
    objectOf(objects, NodePool.is, 'worker-sdxl-spot'),
    objectOf(objects, NodePool.is, 'worker-sdxl-on-demand'),
  ];
  const requirementsOf = ({ spec }: NodePool | (typeof nodePools)[number]) =>
    Object.fromEntries(spec.template.spec.requirements.map(({ key, operator, values }) => [key, [operator, values]]));

  it('are Spot first, and On-Demand where there is none, each up to its own number of GPUs', () => {
    expect(nodePools.map((each) => requirementsOf(each)['karpenter.sh/capacity-type'])).toEqual([
      ['In', ['spot']],
      ['In', ['on-demand']],
    ]);
    expect(nodePools.map(({ spec }) => [spec.weight, spec.limits])).toEqual([
      [100, { 'nvidia.com/gpu': '20' }],
      [10, { 'nvidia.com/gpu': '4' }],
    ]);
  });

  it('have a GPU and disks of their own, and come in more than one type', () => {
    for (const nodePool of nodePools) {
      expect(requirementsOf(nodePool)).toMatchObject({
        'kubernetes.io/arch': ['In', ['amd64']],
        'karpenter.k8s.aws/instance-family': ['In', ['g6', 'g5']],
        'karpenter.k8s.aws/instance-size': ['In', ['xlarge', '2xlarge']],
        'karpenter.k8s.aws/instance-gpu-count': ['Gt', ['0']],
        'karpenter.k8s.aws/instance-local-nvme': ['Gt', ['0']],
      });
    }
  });

  it('are given up when they are empty, replaced one at a time, and given more time than their pods', () => {
    for (const { spec } of nodePools) {
      expect(spec.disruption).toMatchObject({
        consolidationPolicy: 'WhenEmpty',
        budgets: [
          { nodes: '100%', reasons: ['Empty'] },
          { nodes: '1', reasons: ['Drifted', 'Underutilized'] },
        ],
      });
      const seconds = Number.parseInt(spec.template.spec.terminationGracePeriod ?? '', 10);
      expect(seconds).toBeGreaterThan(pod?.terminationGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
    }
  });

  it('are for the pods of the pool alone, and its pods for them', () => {
    for (const { spec } of nodePools) {
      expect(spec.template.metadata?.labels).toEqual(pod?.nodeSelector);
      const tolerated = pod?.tolerations?.map(({ key }) => key);
      expect(spec.template.spec.taints?.map(({ key }) => key)).toEqual(tolerated);
    }
  });

  it('run a fixed release of Bottlerocket with encrypted disks, and keep their role from pods', () => {
    const { spec } = objectOf(objects, EC2NodeClass.is, 'worker-sdxl');

    expect(spec?.amiSelectorTerms).toEqual([{ alias: expect.stringMatching(/^bottlerocket@v\d+\.\d+\.\d+$/) }]);
    expect(spec?.metadataOptions).toMatchObject({ httpTokens: 'required', httpPutResponseHopLimit: 1 });
    expect(spec?.blockDeviceMappings?.map(({ ebs }) => ebs?.encrypted)).toEqual([true, true]);
    expect(spec?.subnetSelectorTerms).toEqual([{ tags: { 'karpenter.sh/discovery': 'afterimage-dev' } }]);
  });
});

describe('the scaling of a pool', () => {
  const { spec } = objectOf(objects, ScaledObject.is, 'worker-sdxl');

  it('counts the jobs of all its queues, those that run included, in the metadata of its triggers', () => {
    expect(spec.triggers.map(({ type, name, metadata }) => ({ type, name, ...metadata }))).toEqual([
      {
        type: 'aws-sqs-queue',
        name: 'interactive',
        queueURL: expect.stringContaining('sdxlinteractive'),
        awsRegion: 'us-east-1',
        queueLength: '1',
        activationQueueLength: '0',
        scaleOnInFlight: 'true',
        scaleOnDelayed: 'false',
      },
      expect.objectContaining({ name: 'batch', queueURL: expect.stringContaining('sdxlbatch'), queueLength: '4' }),
    ]);
    expect(spec.advanced?.scalingModifiers).toEqual({
      formula: 'interactive / 1 + batch / 4',
      target: '1',
      activationTarget: '0',
      metricType: 'AverageValue',
    });
  });

  it('goes to zero and back, slowly down', () => {
    expect(spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 20, pollingInterval: 10, cooldownPeriod: 300 });
    expect(spec.advanced?.horizontalPodAutoscalerConfig?.behavior?.scaleDown?.stabilizationWindowSeconds).toBe(300);
    expect(spec.scaleTargetRef).toEqual({ name: 'worker-sdxl' });
  });
});

describe('the models of a pool', () => {
  it('are a folder of the bucket, read-only, by a handle of its own', () => {
    const { spec } = objectOf(objects, PersistentVolume.is, 'models-sdxl');

    expect(spec?.csi).toMatchObject({ driver: 's3.csi.aws.com', volumeHandle: 'models-sdxl', readOnly: true });
    expect(spec?.mountOptions).toEqual(expect.arrayContaining(['read-only', 'prefix sdxl/', 'uid=1000']));
    expect(pod?.initContainers?.[0]?.volumeMounts).toContainEqual({
      name: 'models',
      mountPath: '/models',
      readOnly: true,
    });
  });
});

describe('the network of a pool', () => {
  const { spec } = objectOf(objects, NetworkPolicy.is, 'worker-sdxl');

  it('lets nobody in', () => {
    expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec?.ingress).toEqual([]);
  });

  it('lets out to names, credentials, Spot notices, traces and public HTTPS, and not to the metadata service', () => {
    const ports = spec?.egress?.map((rule) => rule.ports?.map(({ port }) => port));
    expect(ports).toEqual([[53, 53], [80], [8082], [4318], [443]]);
    const [internet] = spec?.egress?.at(-1)?.to ?? [];
    expect(internet?.ipBlock).toMatchObject({ cidr: '0.0.0.0/0', except: expect.arrayContaining(['169.254.0.0/16']) });
  });
});

describe('the rights of a pool', () => {
  const policies = propertiesOf(template, 'AWS::IAM::Policy');
  const own = policies.find(({ PolicyName }) => PolicyName.startsWith('PoolsdxlIdentity'));
  const statements: { Action: string | string[]; Resource: unknown }[] = own.PolicyDocument.Statement;
  const resourcesOf = (action: string) =>
    JSON.stringify(statements.filter(({ Action }) => [Action].flat().includes(action)).map(({ Resource }) => Resource));

  it('are those of its adapters, and of its queues', () => {
    expect([...new Set(statements.flatMap(({ Action }) => Action))].toSorted()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:GenerateDataKey*',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sns:Publish',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
  });

  it('are for its own queues alone, and write to the bucket of outputs alone', () => {
    expect(resourcesOf('sqs:ReceiveMessage')).toMatch(/sdxlbatch.*sdxlinteractive/);
    expect(resourcesOf('sqs:ReceiveMessage')).not.toContain('comfy');
    expect(resourcesOf('s3:PutObject')).toContain('outputs');
    expect(resourcesOf('s3:PutObject')).not.toContain('inputs');
    expect(resourcesOf('s3:DeleteObject').match(/"\/[^"]*"/g)).toEqual(['"/previews/*"']);
    expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
  });

  it("are, of the scaler, to see the length of the pool's queues", () => {
    const lengths = policies.find(({ PolicyName }) => PolicyName.startsWith('PoolsdxlQueueLengths'));

    expect(lengths.PolicyDocument.Statement).toMatchObject([{ Action: 'sqs:GetQueueAttributes' }]);
    expect(JSON.stringify(lengths.PolicyDocument.Statement)).not.toContain('comfy');
  });
});
