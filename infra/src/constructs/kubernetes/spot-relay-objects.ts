import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import type { IConfigMap } from 'kubernetes-models/v1/ConfigMap';
import type { INamespace } from 'kubernetes-models/v1/Namespace';
import { fingerprint } from './fingerprint.ts';
import { HARDENED_CONTAINER, hardenedPod } from './hardening.ts';
import { POOL_LABEL } from './pool-names.ts';

/** Of the node: the relay is on its network. */
export const SPOT_RELAY_PORT = 8082;

/** Its own: workers are in one that no pod with the node's network can be in. */
const NAMESPACE = 'afterimage-nodes';
const NAME = 'spot-relay';
const SOURCE = join(import.meta.dirname, '../../spot-relay/spot-relay.ts');
/** With this ending Node takes it for a module without looking for a package. */
const SCRIPT = 'spot-relay.mts';
const MOUNT = '/relay';
/** Of the worker's image, whose Node runs the script. */
const USER = 65_532;

const LABELS = { 'app.kubernetes.io/name': NAME };

/** The namespace, the script and the daemons that tell workers on their node of a Spot interruption. */
export function spotRelayObjects(workerImage: string): [INamespace, IConfigMap, IDaemonSet] {
  const script = readFileSync(SOURCE, 'utf8');
  const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
  const namespace: INamespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  };
  const config: IConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [SCRIPT]: script } };
  const daemons: IDaemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata,
    spec: {
      selector: { matchLabels: LABELS },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      template: {
        metadata: {
          labels: LABELS,
          // Another script is another pod.
          annotations: { 'afterimage/script': fingerprint(script) },
        },
        spec: {
          ...hardenedPod(USER),
          hostNetwork: true,
          dnsPolicy: 'Default',
          priorityClassName: 'system-node-critical',
          terminationGracePeriodSeconds: 10,
          tolerations: [{ operator: 'Exists' }],
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: POOL_LABEL, operator: 'Exists' }] }],
              },
            },
          },
          containers: [
            {
              name: 'relay',
              image: workerImage,
              args: [`${MOUNT}/${SCRIPT}`],
              env: [{ name: 'PORT', value: String(SPOT_RELAY_PORT) }],
              ports: [{ name: 'http', containerPort: SPOT_RELAY_PORT, hostPort: SPOT_RELAY_PORT }],
              securityContext: HARDENED_CONTAINER,
              resources: { requests: { cpu: '5m', memory: '64Mi' }, limits: { memory: '96Mi' } },
              livenessProbe: { tcpSocket: { port: SPOT_RELAY_PORT }, periodSeconds: 30, timeoutSeconds: 5 },
              volumeMounts: [{ name: 'script', mountPath: MOUNT, readOnly: true }],
            },
          ],
          volumes: [{ name: 'script', configMap: { name: NAME } }],
        },
      },
    },
  };
  return [namespace, config, daemons];
}
