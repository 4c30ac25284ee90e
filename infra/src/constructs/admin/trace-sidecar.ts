import type { ContainerDefinitionOptions, FargateTaskDefinition, LogDriver } from 'aws-cdk-lib/aws-ecs';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { OTEL_COLLECTOR_IMAGE } from '../cluster/versions.ts';
import { INDEXED_ATTRIBUTES, OTEL_PORT } from '../kubernetes/otel-collector-objects.ts';

/** Where the console finds the collector beside it: containers of a task share their loopback. */
export const SIDECAR_ENDPOINT = `http://127.0.0.1:${OTEL_PORT}`;

const MEMORY_MIB = 128;

function config(region: string): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${OTEL_PORT}` } } } },
    processors: { batch: { timeout: '5s' } },
    exporters: { awsxray: { region, indexed_attributes: INDEXED_ATTRIBUTES } },
    service: { pipelines: { traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['awsxray'] } } },
  });
}

/** Adds the collector that brings the console's traces to X-Ray. The console does not end with it. */
export function addTraceSidecar(
  task: FargateTaskDefinition,
  { region, logging, user }: { readonly region: string; readonly logging: LogDriver; readonly user: string },
): void {
  const options: ContainerDefinitionOptions = {
    image: ContainerImage.fromRegistry(OTEL_COLLECTOR_IMAGE),
    essential: false,
    user,
    readonlyRootFilesystem: true,
    memoryLimitMiB: MEMORY_MIB,
    environment: { AOT_CONFIG_CONTENT: config(region) },
    logging,
  };
  task.addContainer('collector', options);
  // X-Ray knows no resources to restrict these to.
  task.addToTaskRolePolicy(
    new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
  );
}
