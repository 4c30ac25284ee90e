import { CfnPodIdentityAssociation, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { kubernetesObject } from '../kubernetes/manifests.ts';

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

/** A role that the pods of one service account in one cluster get from EKS Pod Identity, and nobody else. */
export class PodRole extends Construct {
  readonly role: Role;
  /** Must be there before the pods, which get credentials only when they start. */
  readonly association: CfnPodIdentityAssociation;

  constructor(scope: Construct, id: string, props: PodRoleProps) {
    super(scope, id);
    const { cluster, clusterName, namespace, serviceAccount, description } = props;
    const pods = new ServicePrincipal('pods.eks.amazonaws.com').withConditions({
      StringEquals: {
        'aws:RequestTag/eks-cluster-name': clusterName,
        'aws:RequestTag/kubernetes-namespace': namespace,
        'aws:RequestTag/kubernetes-service-account': serviceAccount,
      },
    });
    this.role = new Role(this, 'Role', { description, assumedBy: pods.withSessionTags() });
    this.association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName: cluster.clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    if (props.createServiceAccount === false) return;
    // Not CDK's own ServiceAccount: that one carries the annotation of IRSA as well.
    const account = kubernetesObject(this, 'ServiceAccount', cluster, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: serviceAccount, namespace },
      automountServiceAccountToken: false,
    });
    account.node.addDependency(this.association);
  }
}
