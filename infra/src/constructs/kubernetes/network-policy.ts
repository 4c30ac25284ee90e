import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { OTEL_NAMESPACE, OTEL_PORT } from './otel-collector-objects.ts';
import { poolLabels, poolObjectName, POOLS_NAMESPACE } from './pool-names.ts';
import { SPOT_RELAY_PORT } from './spot-relay-objects.ts';

/** Where EKS Pod Identity gives credentials to pods, on every node. */
const POD_IDENTITY_AGENT = '169.254.170.23/32';
/** Networks that no input image, no AWS service and no model is on. */
const PRIVATE_RANGES = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];

const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const port = (number: number, protocol: 'TCP' | 'UDP' = 'TCP') => ({ port: number, protocol });

/**
 * Nobody connects to a worker or its engine; the kubelet's probes are no matter of network policies. They connect to name
 * servers, to credentials and Spot notices on their node, to the collector of traces, and to the public internet by HTTPS.
 */
export function networkPolicy(pool: string, vpcCidr: string): INetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: poolObjectName(pool), namespace: POOLS_NAMESPACE },
    spec: {
      podSelector: { matchLabels: poolLabels(pool) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [
        { to: [inNamespace('kube-system')], ports: [port(53, 'UDP'), port(53)] },
        { to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }], ports: [port(80)] },
        { to: [{ ipBlock: { cidr: vpcCidr } }], ports: [port(SPOT_RELAY_PORT)] },
        { to: [inNamespace(OTEL_NAMESPACE)], ports: [port(OTEL_PORT)] },
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: PRIVATE_RANGES } }], ports: [port(443)] },
      ],
    },
  };
}
