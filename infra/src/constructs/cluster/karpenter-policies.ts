import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface KarpenterPoliciesProps {
  readonly clusterName: string;
  readonly nodeRole: IRole;
  readonly interruptions: IQueue;
}

const NODE_POOL = 'karpenter.sh/nodepool';
const NODE_CLASS = 'karpenter.k8s.aws/ec2nodeclass';

/**
 * What Karpenter may do: start machines that carry the cluster's tags, and end or change those alone. The permissions are
 * those that Karpenter 1.14 documents, by its own groups; no policy would hold all of them.
 * Source: https://karpenter.sh/docs/reference/cloudformation/
 */
export function karpenterPolicies(scope: Construct, props: KarpenterPoliciesProps): ManagedPolicy[] {
  const { clusterName, nodeRole, interruptions } = props;
  const stack = Stack.of(scope);
  const ec2 = (...kinds: string[]) =>
    kinds.map((kind) => stack.formatArn({ service: 'ec2', resource: kind, resourceName: '*' }));
  const awsOwned = (kind: string) =>
    stack.formatArn({ service: 'ec2', account: '', resource: kind, resourceName: '*' });
  const owner = `kubernetes.io/cluster/${clusterName}`;
  const region = 'topology.kubernetes.io/region';

  const asked = { [`aws:RequestTag/${owner}`]: 'owned', 'aws:RequestTag/eks:eks-cluster-name': clusterName };
  const owned = { [`aws:ResourceTag/${owner}`]: 'owned' };
  const ownedByPool = { StringEquals: owned, StringLike: { [`aws:ResourceTag/${NODE_POOL}`]: '*' } };
  const askedForPool = { StringLike: { [`aws:RequestTag/${NODE_POOL}`]: '*' } };
  const created = ec2('fleet', 'instance', 'volume', 'network-interface', 'launch-template', 'spot-instances-request');
  const run = ['ec2:RunInstances', 'ec2:CreateFleet'];

  const nodeLifecycle = [
    {
      actions: run,
      resources: [
        awsOwned('image'),
        awsOwned('snapshot'),
        ...ec2('security-group', 'subnet', 'capacity-reservation', 'placement-group'),
      ],
    },
    { actions: run, resources: ec2('launch-template'), conditions: ownedByPool },
    {
      actions: [...run, 'ec2:CreateLaunchTemplate'],
      resources: created,
      conditions: { StringEquals: asked, ...askedForPool },
    },
    {
      actions: ['ec2:CreateTags'],
      resources: created,
      conditions: {
        StringEquals: { ...asked, 'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'] },
        ...askedForPool,
      },
    },
    {
      actions: ['ec2:CreateTags'],
      resources: ec2('instance'),
      conditions: {
        ...ownedByPool,
        StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': clusterName },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'] },
      },
    },
    {
      actions: ['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'],
      resources: ec2('instance', 'launch-template'),
      conditions: ownedByPool,
    },
  ];

  const profiles = [stack.formatArn({ service: 'iam', region: '', resource: 'instance-profile', resourceName: '*' })];
  const ownedProfile = { ...owned, [`aws:ResourceTag/${region}`]: stack.region };
  const askedProfile = { ...asked, [`aws:RequestTag/${region}`]: stack.region };
  const ownedByClass = { [`aws:ResourceTag/${NODE_CLASS}`]: '*' };
  const askedForClass = { [`aws:RequestTag/${NODE_CLASS}`]: '*' };
  const iamIntegration = [
    {
      actions: ['iam:PassRole'],
      resources: [nodeRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    },
    {
      actions: ['iam:CreateInstanceProfile'],
      resources: profiles,
      conditions: { StringEquals: askedProfile, StringLike: askedForClass },
    },
    {
      actions: ['iam:TagInstanceProfile'],
      resources: profiles,
      conditions: {
        StringEquals: { ...ownedProfile, ...askedProfile },
        StringLike: { ...ownedByClass, ...askedForClass },
      },
    },
    {
      actions: ['iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'],
      resources: profiles,
      conditions: { StringEquals: ownedProfile, StringLike: ownedByClass },
    },
    { actions: ['iam:GetInstanceProfile'], resources: profiles },
  ];

  const cluster = stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: clusterName });
  const discovery = [
    {
      actions: [
        'ec2:DescribeCapacityReservations',
        'ec2:DescribeImages',
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribePlacementGroups',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeSubnets',
      ],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': stack.region } },
    },
    {
      actions: ['ssm:GetParameter'],
      resources: [
        stack.formatArn({ service: 'ssm', account: '', resource: 'parameter', resourceName: 'aws/service/*' }),
      ],
    },
    { actions: ['pricing:GetProducts', 'iam:ListInstanceProfiles'], resources: ['*'] },
    { actions: ['eks:DescribeCluster'], resources: [cluster] },
    {
      // Whether machines of a zone are to be left alone.
      actions: ['arc-zonal-shift:GetManagedResource'],
      resources: ['*'],
      conditions: { StringEquals: { 'arc-zonal-shift:ResourceIdentifier': cluster } },
    },
    { actions: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'], resources: [interruptions.queueArn] },
  ];

  return Object.entries({ NodeLifecycle: nodeLifecycle, IamIntegration: iamIntegration, Discovery: discovery }).map(
    ([name, statements]) =>
      new ManagedPolicy(scope, name, {
        description: `Karpenter in ${clusterName}: ${name}`,
        statements: statements.map((statement) => new PolicyStatement(statement)),
      }),
  );
}
