import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Secret as TaskSecret } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { ecsFargateAdminEnv } from '@afterimage/app-config';
import { AdminLoadBalancer } from '../constructs/admin/load-balancer.ts';
import { SIDECAR_ENDPOINT } from '../constructs/admin/trace-sidecar.ts';
import { ADMIN_POOLS_FILE, ADMIN_PORT, AdminService } from '../constructs/admin/service.ts';
import { logsLink } from '../constructs/admin/logs-link.ts';
import { signIn, type SignIn } from '../constructs/admin/sign-in.ts';
import { GeneratedSecret } from '../constructs/generated-secret.ts';
import type { EnvironmentOf } from '../constructs/app-function.ts';
import type { AdminConfig } from '../config/admin-config.ts';
import { logGroupsOfJobs } from '../constructs/log-group-names.ts';
import { grantAccess } from '../constructs/grant.ts';
import { ACCESS } from '../functions/access.ts';
import { resourceName, stackProps, type StageContext } from '../stage-context.ts';
import type { ApiResources } from './api-stack.ts';
import { allDeadLetters, jobQueues, type DataResources } from './data-stack.ts';
import type { NetworkResources } from './network-stack.ts';

export interface AdminStackProps extends StageContext {
  readonly admin: AdminConfig;
  readonly network: NetworkResources;
  readonly data: DataResources;
  readonly api: ApiResources;
}

/** Where the page is in the console's image. */
const PAGE_DIRECTORY = '/app/page';

/** The operators' console: a load balancer that signs operators in, and the tasks behind it. */
export class AdminStack extends Stack {
  constructor(scope: Construct, id: string, props: AdminStackProps) {
    super(scope, id, stackProps(props, 'admin', "operators' console"));
    const { admin, network, data } = props;
    const { secret: cursorSecret } = new GeneratedSecret(this, 'CursorSecret', props, {
      name: 'admin-cursor-secret',
      description: 'Key of the MAC over the list cursors of the console',
      characters: 48,
    });
    const balancer = new AdminLoadBalancer(this, 'LoadBalancer', {
      context: props,
      admin,
      vpc: network.vpc,
      accessLogs: data.buckets.accessLogs,
    });
    const operators = signIn(this, props, admin);
    const service = new AdminService(this, 'Service', {
      context: props,
      vpc: network.vpc,
      tasks: admin.tasks,
      repository: data.repositories['ecs-fargate-admin'],
      environment: this.#environment(props, balancer, operators),
      secrets: { CURSOR_SECRET: TaskSecret.fromSecretsManager(cursorSecret) },
    });
    service.attachTo(balancer.serve(operators, ADMIN_PORT));
    grantAccess(service.taskDefinition.taskRole, data, ACCESS['ecs-fargate-admin']);
    new CfnOutput(this, 'AdminUrl', { value: `https://${admin.domain.name}`, description: "Operators' console" });
  }

  #environment({ config, admin, data, api }: AdminStackProps, balancer: AdminLoadBalancer, operators: SignIn) {
    const { buckets, topics } = data;
    const environment: EnvironmentOf<typeof ecsFargateAdminEnv> = {
      JOB_TABLE: data.jobTable.tableName,
      INPUT_BUCKET: buckets.inputs.bucketName,
      OUTPUT_BUCKET: buckets.outputs.bucketName,
      JOB_REQUESTS_TOPIC_ARN: topics.jobRequests.topicArn,
      JOB_EVENTS_TOPIC_ARN: topics.jobEvents.topicArn,
      NOTIFICATIONS_QUEUE_URL: data.notifications.queue.queueUrl,
      JOB_QUEUE_URLS: jobQueues(data)
        .map(({ queue }) => queue.queueUrl)
        .join(','),
      DEAD_LETTER_QUEUE_URLS: allDeadLetters(data)
        .map((queue) => queue.queueUrl)
        .join(','),
      API_URL: api.apiUrl,
      POOLS_FILE: ADMIN_POOLS_FILE,
      PAGE_DIRECTORY,
      IMAGE_ORIGINS: `https://${buckets.outputs.bucketRegionalDomainName}`,
      CLOUDWATCH_ALARM_PREFIX: resourceName(config, ''),
      POOL_DOLLARS_PER_HOUR: Object.entries(admin.dollarsPerHour)
        .map(([pool, dollars]) => `${pool}=${dollars}`)
        .join(','),
      OTEL_EXPORTER_OTLP_ENDPOINT: SIDECAR_ENDPOINT,
      OTEL_TRACES_SAMPLER_ARG: String(config.tracing.console),
      XRAY_TRACES: 'true',
      TRACE_LINK: `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#xray:traces/{traceId}`,
      LOGS_LINK: logsLink({ region: this.region, logGroups: logGroupsOfJobs(config) }),
      STAGE: config.stage,
      AUTHENTICATION: 'alb',
      ALB_ARN: balancer.loadBalancer.loadBalancerArn,
      PORT: String(ADMIN_PORT),
      ...operators.environment,
    };
    return environment;
  }
}
