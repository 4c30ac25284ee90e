import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';

/** The cluster's version, and the layer with kubectl and helm of the same minor version: the two go up together. */
export const KUBERNETES = { version: KubernetesVersion.V1_35, KubectlLayer: KubectlV35Layer } as const;

/** Supports Kubernetes 1.30 to 1.36. */
export const KARPENTER_VERSION = '1.14.1';

/** Tested by its makers on Kubernetes 1.33 to 1.35. */
export const KEDA_VERSION = '2.20.2';

/** Of the nodes that Karpenter starts. A fixed release: with `latest` each new one would replace every node. */
export const BOTTLEROCKET_VERSION = '1.60.0';

export const OTEL_COLLECTOR_IMAGE = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0';
