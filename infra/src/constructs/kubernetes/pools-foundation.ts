import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import type { IPriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1/PriorityClass';
import { Construct } from 'constructs';
import { kubernetesObject } from './manifests.ts';
import { POOLS_NAMESPACE, WORKER_PRIORITY_CLASS } from './pool-names.ts';
import { triggerAuthentication } from './scaled-object.ts';
import { spotRelayObjects } from './spot-relay-objects.ts';

const NAMESPACE: INamespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: POOLS_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

/** Of workers: above whatever else finds its way to a GPU node, below the parts of the cluster. */
const PRIORITY: IPriorityClass = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: WORKER_PRIORITY_CLASS },
  value: 1000,
  globalDefault: false,
};

/** What pools have in common: their namespace, the rank of their pods, KEDA's identity, and the relay of Spot notices. */
export class PoolsFoundation extends Construct {
  constructor(scope: Construct, id: string, cluster: ICluster, workerImage: string) {
    super(scope, id);
    const namespace = kubernetesObject(this, 'Namespace', cluster, NAMESPACE);
    kubernetesObject(this, 'Priority', cluster, PRIORITY);
    kubernetesObject(this, 'Queues', cluster, triggerAuthentication()).node.addDependency(namespace);

    const [relayNamespace, relayScript, relay] = spotRelayObjects(workerImage);
    const place = kubernetesObject(this, 'RelayNamespace', cluster, relayNamespace);
    const script = kubernetesObject(this, 'RelayScript', cluster, relayScript);
    script.node.addDependency(place);
    kubernetesObject(this, 'Relay', cluster, relay).node.addDependency(script);
  }
}
