import { Stack } from 'aws-cdk-lib';
import { KubernetesManifest, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { otelCollectorObjects, OTEL_NAMESPACE, OTEL_SERVICE } from '../kubernetes/otel-collector-objects.ts';
import { PodRole } from './pod-role.ts';

export interface OtelCollectorProps {
  readonly cluster: ICluster;
  readonly clusterName: string;
}

/** The AWS distribution of the OpenTelemetry collector: takes the spans of pods by OTLP and brings them to X-Ray. */
export class OtelCollector extends Construct {
  constructor(scope: Construct, id: string, { cluster, clusterName }: OtelCollectorProps) {
    super(scope, id);
    const namespace = new KubernetesManifest(this, 'Namespace', {
      cluster,
      overwrite: true,
      manifest: [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: OTEL_NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
        },
      ],
    });
    const { role, serviceAccountManifest } = new PodRole(this, 'Identity', {
      cluster,
      clusterName,
      namespace: OTEL_NAMESPACE,
      serviceAccount: OTEL_SERVICE,
      description: `OpenTelemetry collector of ${clusterName}: spans to X-Ray`,
    });
    // X-Ray knows no resources to restrict these to.
    role.addToPolicy(
      new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
    );
    const collector = new KubernetesManifest(this, 'Collector', {
      cluster,
      overwrite: true,
      manifest: otelCollectorObjects(Stack.of(this).region),
    });
    if (serviceAccountManifest === undefined) return;
    serviceAccountManifest.node.addDependency(namespace);
    collector.node.addDependency(serviceAccountManifest);
  }
}
