import { EC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1/EC2NodeClass';
import { NodePool } from '@kubernetes-models/karpenter/karpenter.sh/v1/NodePool';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { PriorityClass } from 'kubernetes-models/scheduling.k8s.io/v1/PriorityClass';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolume } from 'kubernetes-models/v1/PersistentVolume';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

/** Models with the validators that their makers compiled from the schemas of Kubernetes, Karpenter and KEDA. */
const MODELS = [
  ConfigMap,
  DaemonSet,
  Deployment,
  EC2NodeClass,
  Namespace,
  NetworkPolicy,
  NodePool,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  PriorityClass,
  ScaledObject,
  Service,
  ServiceAccount,
  TriggerAuthentication,
];
const VALIDATORS = new Map(
  MODELS.map((model) => [
    `${model.apiVersion} ${model.kind}`,
    (object: object) => model.prototype.validate.call(object),
  ]),
);

/** Notes which fields are read. A validator reads each field that its schema knows, and no other. */
class Reading {
  readonly #fields = new Map<object, Set<string>>();
  readonly #proxies = new Map<object, object>();

  of(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = this.#proxies.get(value);
    if (known !== undefined) return known;
    const fields = new Set<string>();
    this.#fields.set(value, fields);
    const get = (target: object, key: string | symbol) => {
      if (typeof key === 'string') fields.add(key);
      return this.of(Reflect.get(target, key));
    };
    const proxy = new Proxy(value, { get });
    this.#proxies.set(value, proxy);
    return proxy;
  }

  unread(value: unknown, path = ''): string[] {
    if (typeof value !== 'object' || value === null) return [];
    const fields = this.#fields.get(value) ?? new Set();
    return Object.entries(value).flatMap(([key, field]) =>
      fields.has(key) ? this.unread(field, `${path}/${key}`) : [`${path}/${key} is not known`],
    );
  }
}

/** Whatever the API server would refuse or, for a field that it does not know, drop without a word. */
export function problemsOf(object: { readonly apiVersion: string; readonly kind: string }): string[] {
  const validate = VALIDATORS.get(`${object.apiVersion} ${object.kind}`);
  if (validate === undefined) return [`there is no schema for ${object.apiVersion} ${object.kind}`];
  const reading = new Reading();
  try {
    validate(Object(reading.of(object)));
  } catch (error) {
    return [String(error)];
  }
  return reading.unread(object);
}
