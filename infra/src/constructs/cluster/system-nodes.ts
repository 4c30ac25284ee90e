import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { Nodegroup, NodegroupAmiType, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Memory for the controllers and their daemons, and addresses for 35 pods. */
const INSTANCE_TYPE = 't4g.large';
/** Karpenter and KEDA run in two copies that do not share a node. */
const NODES = 2;
const DATA_VOLUME_GIB = 30;

/** Of a node: join the cluster, give pods addresses, pull images, be reached by Session Manager. */
export function nodeRole(scope: Construct, id: string, description: string): Role {
  const policies = [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKS_CNI_Policy',
    'AmazonEC2ContainerRegistryPullOnly',
    'AmazonSSMManagedInstanceCore',
  ];
  return new Role(scope, id, {
    description,
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: policies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
  });
}

/** The nodes of everything but the workers: a managed group, for Karpenter cannot start the node that it runs on. */
export function systemNodes(scope: Construct, id: string, cluster: ICluster): Nodegroup {
  const volume = (sizeGiB: number) =>
    BlockDeviceVolume.ebs(sizeGiB, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 });
  const template = new LaunchTemplate(scope, `${id}Template`, {
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    // Answers of the metadata service do not reach pods, so none gets the role of its node.
    httpPutResponseHopLimit: 1,
    blockDevices: [
      { deviceName: '/dev/xvda', volume: volume(4) },
      { deviceName: '/dev/xvdb', volume: volume(DATA_VOLUME_GIB) },
    ],
  });
  const { launchTemplateId, versionNumber } = template;
  if (launchTemplateId === undefined) throw new Error('the launch template of the system nodes has no id');
  return new Nodegroup(scope, id, {
    cluster,
    amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64,
    instanceTypes: [new InstanceType(INSTANCE_TYPE)],
    minSize: NODES,
    desiredSize: NODES,
    maxSize: NODES + 1,
    subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    nodeRole: nodeRole(scope, `${id}Role`, 'System nodes of Afterimage'),
    launchTemplateSpec: { id: launchTemplateId, version: versionNumber },
    labels: { 'afterimage/nodes': 'system' },
    enableNodeAutoRepair: true,
  });
}
