import { Duration, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerDependencyCondition,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { withoutDeployment } from '@afterimage/app-config';
import { resourceName, type StageContext } from '../../stage-context.ts';
import { imageTag } from '../images.ts';
import { consoleLogGroup } from '../log-group-names.ts';
import { retainedLogGroup } from '../log-group.ts';
import { addTraceSidecar } from './trace-sidecar.ts';

/** The port of the console within its task. */
export const ADMIN_PORT = 4001;

const CONFIG_VOLUME = { name: 'config', path: '/config' };
/** Where the console finds the pools. */
export const ADMIN_POOLS_FILE = `${CONFIG_VOLUME.path}/pools.json`;
/** Numeric: the image knows no names. */
const NOBODY = '65532:65532';

export interface AdminServiceProps {
  readonly context: StageContext;
  readonly vpc: IVpc;
  readonly tasks: number;
  readonly repository: IRepository;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** The console's containers on Fargate, in the private subnets. */
export class AdminService extends Construct {
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: AdminServiceProps) {
    super(scope, id);
    const { context, vpc, tasks } = props;
    this.taskDefinition = new FargateTaskDefinition(this, 'Task', {
      family: resourceName(context.config, 'admin'),
      cpu: 256,
      memoryLimitMiB: 1024,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      volumes: [{ name: CONFIG_VOLUME.name }],
    });
    this.#containers(props);
    this.service = new FargateService(this, 'Service', {
      serviceName: resourceName(context.config, 'admin'),
      cluster: new Cluster(this, 'Cluster', {
        vpc,
        clusterName: resourceName(context.config, 'admin'),
        containerInsightsV2: ContainerInsights.ENHANCED,
      }),
      taskDefinition: this.taskDefinition,
      desiredCount: tasks,
      vpcSubnets: { subnets: vpc.privateSubnets },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriod: Duration.seconds(30),
    });
  }

  /** Sends the target group's requests to the tasks. */
  attachTo(targets: ApplicationTargetGroup): void {
    targets.addTarget(this.service.loadBalancerTarget({ containerName: 'admin', containerPort: ADMIN_PORT }));
  }

  #containers({ context, repository, environment, secrets }: AdminServiceProps): void {
    const image = ContainerImage.fromEcrRepository(repository, imageTag(context.dist, 'ecs-fargate-admin'));
    const logGroup = retainedLogGroup(this, 'Logs', context.config, {
      logGroupName: consoleLogGroup(context.config),
    });
    const common = {
      image,
      readonlyRootFilesystem: true,
      logging: LogDriver.awsLogs({ logGroup, streamPrefix: 'admin' }),
    };
    // The image is the same in every stage; what it must know of this one comes in a file, which this container writes.
    const config = this.taskDefinition.addContainer('config', {
      ...common,
      essential: false,
      // Alone may write to the volume, which belongs to root.
      user: '0:0',
      environment: { POOLS: JSON.stringify(withoutDeployment(context.pools)) },
      command: ['-e', `require('node:fs').writeFileSync('${ADMIN_POOLS_FILE}', process.env.POOLS)`],
    });
    config.addMountPoints({ sourceVolume: CONFIG_VOLUME.name, containerPath: CONFIG_VOLUME.path, readOnly: false });
    const { region } = Stack.of(this);
    addTraceSidecar(this.taskDefinition, { region, logging: common.logging, user: NOBODY });
    const admin = this.taskDefinition.addContainer('admin', {
      ...common,
      user: NOBODY,
      environment: { ...environment },
      secrets: { ...secrets },
      portMappings: [{ containerPort: ADMIN_PORT }],
      stopTimeout: Duration.seconds(30),
    });
    admin.addMountPoints({ sourceVolume: CONFIG_VOLUME.name, containerPath: CONFIG_VOLUME.path, readOnly: true });
    admin.addContainerDependencies({ container: config, condition: ContainerDependencyCondition.SUCCESS });
  }
}
