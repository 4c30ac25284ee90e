import { CfnPodIdentityAssociation, KubernetesManifest, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface PodRoleProps {
  readonly cluster: ICluster;
  /** Of the cluster, as a literal: a condition of the role names it. */
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly description: string;
  /** `false`: a chart makes the service account. */
  readonly createServiceAccount?: boolean;
}

const POD_IDENTITY = 'pods.eks.amazonaws.com';

/** A role that the pods of one service account in one cluster get from EKS Pod Identity, and nobody else. */
export class PodRole extends Construct {
  readonly role: Role;
  /** Must be there before the pods, which get credentials only when they start. */
  readonly association: CfnPodIdentityAssociation;
  readonly serviceAccountManifest: KubernetesManifest | undefined;

  constructor(scope: Construct, id: string, props: PodRoleProps) {
    super(scope, id);
    const { cluster, clusterName, namespace, serviceAccount, description } = props;
    const pods = new ServicePrincipal(POD_IDENTITY).withConditions({
      StringEquals: {
        'aws:RequestTag/eks-cluster-name': clusterName,
        'aws:RequestTag/kubernetes-namespace': namespace,
        'aws:RequestTag/kubernetes-service-account': serviceAccount,
      },
    });
    this.role = new Role(this, 'Role', { description, assumedBy: pods });
    this.role.assumeRolePolicy?.addStatements(
      new PolicyStatement({ actions: ['sts:AssumeRole', 'sts:TagSession'], principals: [pods] }),
    );
    this.association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName: cluster.clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    if (props.createServiceAccount === false) return;
    // Not CDK's own ServiceAccount: that one carries the annotation of IRSA as well.
    this.serviceAccountManifest = new KubernetesManifest(this, 'ServiceAccount', {
      cluster,
      overwrite: true,
      manifest: [
        {
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name: serviceAccount, namespace },
          automountServiceAccountToken: false,
        },
      ],
    });
    this.serviceAccountManifest.node.addDependency(this.association);
  }
}
