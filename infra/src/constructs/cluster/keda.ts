import { Duration } from 'aws-cdk-lib';
import { HelmChart, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PodRole } from './pod-role.ts';
import { KEDA_VERSION } from './versions.ts';

const NAMESPACE = 'keda';
const SERVICE_ACCOUNT = 'keda-operator';

export interface KedaProps {
  readonly cluster: ICluster;
  readonly clusterName: string;
}

/** KEDA: looks at the queues and sets the number of pods, down to none. */
export class Keda extends Construct {
  /** Whoever adds a queue lets this role see its length; it may do nothing else. */
  readonly operatorRole: IRole;
  readonly chart: HelmChart;

  constructor(scope: Construct, id: string, { cluster, clusterName }: KedaProps) {
    super(scope, id);
    const { role, association } = new PodRole(this, 'Operator', {
      cluster,
      clusterName,
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      description: `KEDA of ${clusterName}: lengths of queues`,
      createServiceAccount: false,
    });
    this.operatorRole = role;
    this.chart = new HelmChart(this, 'Chart', {
      cluster,
      release: 'keda',
      chart: 'keda',
      repository: 'https://kedacore.github.io/charts',
      version: KEDA_VERSION,
      namespace: NAMESPACE,
      createNamespace: true,
      wait: true,
      timeout: Duration.minutes(10),
      values: {
        serviceAccount: { operator: { name: SERVICE_ACCOUNT } },
        operator: { replicaCount: 2 },
      },
    });
    this.chart.node.addDependency(association);
  }
}
