import { Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { kubernetesObject } from '../kubernetes/manifests.ts';
import {
  OTEL_NAMESPACE,
  OTEL_NAMESPACE_OBJECT,
  OTEL_SERVICE,
  otelCollectorObjects,
} from '../kubernetes/otel-collector-objects.ts';
import { PodRole } from './pod-role.ts';

export interface OtelCollectorProps {
  readonly cluster: ICluster;
  readonly clusterName: string;
}

/** The AWS distribution of the OpenTelemetry collector: takes the spans of pods by OTLP and brings them to X-Ray. */
export class OtelCollector extends Construct {
  constructor(scope: Construct, id: string, { cluster, clusterName }: OtelCollectorProps) {
    super(scope, id);
    const namespace = kubernetesObject(this, 'Namespace', cluster, OTEL_NAMESPACE_OBJECT);
    const identity = new PodRole(this, 'Identity', {
      cluster,
      clusterName,
      namespace: OTEL_NAMESPACE,
      serviceAccount: OTEL_SERVICE,
      description: `OpenTelemetry collector of ${clusterName}: spans to X-Ray`,
    });
    // X-Ray knows no resources to restrict these to.
    identity.role.addToPolicy(
      new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
    );
    const [config, deployment, service] = otelCollectorObjects(Stack.of(this).region);
    const configObject = kubernetesObject(this, 'Config', cluster, config);
    const collector = kubernetesObject(this, 'Collector', cluster, deployment);
    kubernetesObject(this, 'Service', cluster, service).node.addDependency(namespace);
    configObject.node.addDependency(namespace);
    identity.node.addDependency(namespace);
    collector.node.addDependency(configObject, identity);
  }
}
