import { Stack } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { CfnPodIdentityAssociation, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { addonRole, managedAddon } from './managed-addon.ts';

export interface ClusterAddonsProps {
  readonly cluster: ICluster;
  readonly models: IBucket;
  readonly modelFileSystem: IFileSystem;
}

const NFS_PORT = 2049;

/** The add-ons that a node needs to become ready: without them no other pod starts. */
export class NodeAddons extends Construct {
  constructor(scope: Construct, id: string, cluster: ICluster) {
    super(scope, id);
    managedAddon(this, 'vpc-cni', { cluster, configuration: { enableNetworkPolicy: 'true' } });
    managedAddon(this, 'kube-proxy', { cluster });
  }
}

/** The add-ons that need a node: EKS calls them degraded, and CloudFormation gives up, while they have none to run on. */
export class ClusterAddons extends Construct {
  readonly #cluster: ICluster;

  constructor(scope: Construct, id: string, { cluster, models, modelFileSystem }: ClusterAddonsProps) {
    super(scope, id);
    this.#cluster = cluster;
    managedAddon(this, 'coredns', { cluster });
    this.#modelsFromS3(models);
    this.#modelsFromEfs(modelFileSystem);
    this.#observability();
  }

  #modelsFromS3(models: IBucket): void {
    const role = addonRole(this, 'MountpointRole', 'Mountpoint for S3: reads the models of Afterimage');
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [models.bucketArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [models.arnForObjects('*')] }));
    managedAddon(this, 'aws-mountpoint-s3-csi-driver', {
      cluster: this.#cluster,
      // On the GPU nodes as well, whatever their taints.
      configuration: { node: { tolerateAllTaints: true } },
      identity: { role, serviceAccount: 's3-csi-driver-sa' },
    });
  }

  #modelsFromEfs(fileSystem: IFileSystem): void {
    const role = addonRole(this, 'EfsRole', 'EFS: mounts the models of Afterimage');
    role.addToPolicy(
      new PolicyStatement({ actions: ['elasticfilesystem:ClientMount'], resources: [fileSystem.fileSystemArn] }),
    );
    const [group] = fileSystem.connections.securityGroups;
    if (group === undefined) throw new Error('the file system of the models has no security group');
    // A rule of this stack: as one of the file system's it would make the data depend on the cluster.
    new CfnSecurityGroupIngress(this, 'NfsFromNodes', {
      description: 'nodes mount models',
      groupId: group.securityGroupId,
      sourceSecurityGroupId: this.#cluster.clusterSecurityGroupId,
      ipProtocol: 'tcp',
      fromPort: NFS_PORT,
      toPort: NFS_PORT,
    });
    const addon = managedAddon(this, 'aws-efs-csi-driver', { cluster: this.#cluster });
    // Of the daemons that mount. The add-on itself knows only the account of its controller, which makes volumes.
    const association = new CfnPodIdentityAssociation(this, 'EfsAssociation', {
      clusterName: this.#cluster.clusterName,
      namespace: 'kube-system',
      serviceAccount: 'efs-csi-node-sa',
      roleArn: role.roleArn,
    });
    addon.addResourceDependency(association);
  }

  /** Container Insights with the metrics of GPUs, and the logs of every pod. */
  #observability(): void {
    const role = addonRole(this, 'CloudWatchRole', 'CloudWatch agent and Fluent Bit of the cluster');
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('CloudWatchAgentServerPolicy'));
    const insights = { enhanced_container_insights: true, accelerated_compute_metrics: true };
    managedAddon(this, 'amazon-cloudwatch-observability', {
      cluster: this.#cluster,
      configuration: {
        tolerations: [{ operator: 'Exists' }],
        agent: {
          config: {
            agent: { region: Stack.of(this).region },
            logs: { metrics_collected: { kubernetes: insights } },
          },
        },
        containerLogs: { enabled: true },
      },
      identity: { role, serviceAccount: 'cloudwatch-agent' },
    });
  }
}
