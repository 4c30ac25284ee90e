import { Validations } from 'aws-cdk-lib';
import { SubnetType, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterLoggingTypes, DefaultCapacityType, EndpointAccess } from 'aws-cdk-lib/aws-eks-v2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { clusterName, dataRemoval, type StageContext } from '../../stage-context.ts';
import { CONTAINER_INSIGHTS, insightsLogGroup } from '../log-group-names.ts';
import { retainedLogGroup } from '../log-group.ts';
import { KUBERNETES } from './versions.ts';

/** The control plane: secrets encrypted, every log kept, access entries only, and an endpoint that is private unless told. */
export class EksCluster extends Construct {
  readonly cluster: Cluster;
  /** Gives pods the credentials of their roles. */
  readonly podIdentityAgent: IConstruct;

  constructor(scope: Construct, id: string, { config, vpc }: StageContext & { readonly vpc: IVpc }) {
    super(scope, id);
    const name = clusterName(config);
    const { adminRoleArns, publicAccessCidrs } = config.cluster;
    const logGroup = retainedLogGroup(this, 'ControlPlaneLogs', config, { logGroupName: `/aws/eks/${name}/cluster` });
    // Those that Container Insights makes itself keep everything for ever.
    for (const group of CONTAINER_INSIGHTS) {
      retainedLogGroup(this, `Insights-${group}`, config, { logGroupName: insightsLogGroup(config, group) });
    }
    const privateSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    this.cluster = new Cluster(this, 'Cluster', {
      clusterName: name,
      version: KUBERNETES.version,
      vpc,
      vpcSubnets: [privateSubnets],
      // Karpenter is in charge of the nodes; EKS Auto Mode, the default, knows no image caches.
      defaultCapacityType: DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      endpointAccess:
        publicAccessCidrs.length === 0
          ? EndpointAccess.PRIVATE
          : EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...publicAccessCidrs),
      secretsEncryptionKey: new Key(this, 'SecretsKey', {
        description: `Secrets of the EKS cluster ${name}`,
        enableKeyRotation: true,
        removalPolicy: dataRemoval(config),
      }),
      clusterLogging: Object.values(ClusterLoggingTypes),
      bootstrapClusterCreatorAdminPermissions: false,
      // They are managed add-ons from the start.
      bootstrapSelfManagedAddons: false,
      kubectlProviderOptions: {
        kubectlLayer: new KUBERNETES.KubectlLayer(this, 'Kubectl'),
        privateSubnets: vpc.selectSubnets(privateSubnets).subnets,
      },
    });
    this.cluster.node.addDependency(logGroup);
    Validations.of(this.cluster).acknowledge({
      id: 'CloudFormation-Validate::W9009',
      reason: 'EncryptionConfig.Resources is how CDK says that secrets are encrypted, and the only way that EKS knows',
    });
    for (const [index, arn] of adminRoleArns.entries()) this.cluster.grantClusterAdmin(`Admin${index}`, arn);
    // Made on first use, so that the first pod role of another stack would change this one.
    this.podIdentityAgent = this.cluster.eksPodIdentityAgent ?? this.cluster;
  }
}
