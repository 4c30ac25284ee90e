import { Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageConfig } from '../../config/stage-config.ts';
import { resourceName } from '../../stage-context.ts';
import { retainedLogGroup } from '../log-group.ts';
import { kubernetesObject } from '../kubernetes/manifests.ts';
import {
  OTEL_NAMESPACE,
  OTEL_NAMESPACE_OBJECT,
  OTEL_SERVICE,
  otelCollectorObjects,
} from '../kubernetes/otel-collector-objects.ts';
import { PodRole } from './pod-role.ts';

export interface OtelCollectorProps {
  readonly config: StageConfig;
  readonly cluster: ICluster;
  readonly clusterName: string;
}

/** The AWS distribution of the OpenTelemetry collector: brings the spans of pods to X-Ray, and their metrics to CloudWatch. */
export class OtelCollector extends Construct {
  constructor(scope: Construct, id: string, { config: stage, cluster, clusterName }: OtelCollectorProps) {
    super(scope, id);
    const namespace = kubernetesObject(this, 'Namespace', cluster, OTEL_NAMESPACE_OBJECT);
    const identity = new PodRole(this, 'Identity', {
      cluster,
      clusterName,
      namespace: OTEL_NAMESPACE,
      serviceAccount: OTEL_SERVICE,
      description: `OpenTelemetry collector of ${clusterName}: spans to X-Ray, metrics to CloudWatch`,
    });
    // X-Ray knows no resources to restrict these to.
    identity.role.addToPolicy(
      new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
    );
    const metrics = retainedLogGroup(this, 'Metrics', stage, { logGroupName: resourceName(stage, 'worker-metrics') });
    metrics.grant(identity.role, 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents');
    const [config, deployment, service] = otelCollectorObjects({
      region: Stack.of(this).region,
      metricsLogGroup: resourceName(stage, 'worker-metrics'),
    });
    const configObject = kubernetesObject(this, 'Config', cluster, config);
    const collector = kubernetesObject(this, 'Collector', cluster, deployment);
    kubernetesObject(this, 'Service', cluster, service).node.addDependency(namespace);
    configObject.node.addDependency(namespace);
    identity.node.addDependency(namespace);
    collector.node.addDependency(configObject, identity);
  }
}
