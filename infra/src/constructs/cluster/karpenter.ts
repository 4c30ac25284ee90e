import { Duration, Stack } from 'aws-cdk-lib';
import { AccessEntryType, HelmChart, type Cluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { clusterName, resourceName, type StageContext } from '../../stage-context.ts';
import { InterruptionQueue } from './interruption-queue.ts';
import { karpenterPolicies } from './karpenter-policies.ts';
import { PodRole } from './pod-role.ts';
import { nodeRole } from './system-nodes.ts';
import { KARPENTER_VERSION } from './versions.ts';

const NAMESPACE = 'kube-system';
const SERVICE_ACCOUNT = 'karpenter';
const CHARTS = 'oci://public.ecr.aws/karpenter';

/** Karpenter: starts a machine for each pod that finds none, ends those that are empty, drains those that are taken back. */
export class Karpenter extends Construct {
  /** Role of the nodes that it starts. */
  readonly nodeRole: Role;
  /** To be waited for by its custom resources. */
  readonly chart: HelmChart;

  constructor(scope: Construct, id: string, { config, cluster }: StageContext & { readonly cluster: Cluster }) {
    super(scope, id);
    const name = clusterName(config);
    this.nodeRole = nodeRole(this, 'NodeRole', `GPU nodes of ${name}`);
    cluster.grantAccess('KarpenterNodes', this.nodeRole.roleArn, [], { accessEntryType: AccessEntryType.EC2_LINUX });

    const interruptions = new InterruptionQueue(this, 'Interruptions', resourceName(config, 'interruptions'));
    const { role, association } = new PodRole(this, 'Controller', {
      cluster,
      clusterName: name,
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      description: `Karpenter of ${name}`,
      createServiceAccount: false,
    });
    const policies = { clusterName: name, nodeRole: this.nodeRole, interruptions: interruptions.queue };
    for (const policy of karpenterPolicies(this, policies)) role.addManagedPolicy(policy);

    const chart = (release: string, values: Record<string, unknown>) =>
      new HelmChart(this, release, {
        cluster,
        release,
        chart: release,
        repository: `${CHARTS}/${release}`,
        version: KARPENTER_VERSION,
        namespace: NAMESPACE,
        wait: true,
        timeout: Duration.minutes(10),
        values,
      });
    // Helm installs the resource definitions of a chart once and never updates them: they are a chart of their own.
    const definitions = chart('karpenter-crd', {});
    this.chart = chart('karpenter', {
      serviceAccount: { name: SERVICE_ACCOUNT },
      settings: { clusterName: name, interruptionQueue: resourceName(config, 'interruptions') },
      controller: {
        // Not to be had from the metadata service, whose answers do not reach pods.
        env: [{ name: 'AWS_REGION', value: Stack.of(this).region }],
        resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '1Gi' } },
      },
    });
    this.chart.node.addDependency(definitions, association, ...role.node.children);
  }
}
