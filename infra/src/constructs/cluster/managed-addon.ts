import { CfnAddon, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Role, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface ManagedAddonProps {
  readonly cluster: ICluster;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** For the pods of one of the add-on's own service accounts. */
  readonly identity?: { readonly role: IRole; readonly serviceAccount: string };
}

/** One of EKS's managed add-ons, in EKS's default version for that of the cluster. CDK's own class knows no identity. */
export function managedAddon(scope: Construct, name: string, props: ManagedAddonProps): CfnAddon {
  const { cluster, configuration, identity } = props;
  return new CfnAddon(scope, name, {
    clusterName: cluster.clusterName,
    addonName: name,
    resolveConflicts: 'OVERWRITE',
    configurationValues: configuration === undefined ? undefined : JSON.stringify(configuration),
    podIdentityAssociations:
      identity === undefined
        ? undefined
        : [{ roleArn: identity.role.roleArn, serviceAccount: identity.serviceAccount }],
  });
}

/** A role that pods can get from EKS Pod Identity: whose, is said by the add-on. */
export function addonRole(scope: Construct, id: string, description: string): Role {
  const pods = new ServicePrincipal('pods.eks.amazonaws.com');
  return new Role(scope, id, { description, assumedBy: pods.withSessionTags() });
}
