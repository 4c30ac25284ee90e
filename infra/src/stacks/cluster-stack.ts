import { Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ClusterAddons, NodeAddons } from '../constructs/cluster/cluster-addons.ts';
import { EksCluster } from '../constructs/cluster/eks-cluster.ts';
import { Karpenter } from '../constructs/cluster/karpenter.ts';
import { Keda } from '../constructs/cluster/keda.ts';
import { OtelCollector } from '../constructs/cluster/otel-collector.ts';
import { systemNodes } from '../constructs/cluster/system-nodes.ts';
import { clusterName, stackProps, type StageContext } from '../stage-context.ts';
import type { DataResources } from './data-stack.ts';
import type { NetworkResources } from './network-stack.ts';

/** What the cluster stack offers to the others. */
export interface ClusterResources {
  readonly cluster: ICluster;
  /** Role of the nodes that Karpenter starts. */
  readonly nodeRole: IRole;
  /** KEDA's: has to be allowed to see the length of each queue that pods are scaled by. */
  readonly scalerRole: IRole;
}

export interface ClusterStackProps extends StageContext {
  readonly network: NetworkResources;
  readonly data: DataResources;
}

/** The EKS cluster and all that runs in it whatever the pools are. */
export class ClusterStack extends Stack implements ClusterResources {
  readonly cluster: ICluster;
  readonly nodeRole: IRole;
  readonly scalerRole: IRole;

  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id, stackProps(props, 'cluster', 'EKS cluster with Karpenter and KEDA'));
    const { network, data, config } = props;
    const { cluster, podIdentityAgent } = new EksCluster(this, 'Eks', { ...props, vpc: network.vpc });
    this.cluster = cluster;
    const nodeAddons = new NodeAddons(this, 'NodeAddons', cluster);
    const nodes = systemNodes(this, 'SystemNodes', cluster);
    nodes.node.addDependency(nodeAddons, podIdentityAgent);
    const addons = new ClusterAddons(this, 'Addons', {
      cluster,
      models: data.buckets.models,
      modelFileSystem: data.modelFileSystem,
    });
    addons.node.addDependency(nodes);

    const names = { cluster, clusterName: clusterName(config) };
    const karpenter = new Karpenter(this, 'Karpenter', { ...props, cluster });
    const keda = new Keda(this, 'Keda', names);
    const collector = new OtelCollector(this, 'OtelCollector', { config, ...names });
    for (const workload of [karpenter, keda, collector]) workload.node.addDependency(addons);
    this.nodeRole = karpenter.nodeRole;
    this.scalerRole = keda.operatorRole;
  }
}
