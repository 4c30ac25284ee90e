import { KubernetesManifest, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';

/**
 * Puts one object into the cluster, over what is there by its name. Never several: kubectl would have to prune what is dropped
 * from a manifest, which it can for built-in kinds only; and pruning by labels, it takes objects that share those.
 */
export function kubernetesObject(scope: Construct, id: string, cluster: ICluster, object: object): KubernetesManifest {
  return new KubernetesManifest(scope, id, { cluster, manifest: [{ ...object }], overwrite: true, prune: false });
}
