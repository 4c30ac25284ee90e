/** Findings of cdk-nag that are as they should be. Each entry has to be needed, and every finding has to be here. */
export interface Acknowledgement {
  readonly rule: string | RegExp;
  /** Of the constructs that it holds for. */
  readonly where: RegExp;
  readonly reason: string;
}

const OBJECTS = /^IAM5\[Resource::.*Buckets(inputs|outputs|models).*\/(uploads\/)?\*\]$/;
const FUNCTIONS =
  /^(Api|Notifier)\/(ApiAuthorizer|SubmitApi|StatusApi|WaitApi|WebhookApi|ResultNotifier|JobReconciler)\/Role\/DefaultPolicy$/;

const API: readonly Acknowledgement[] = [
  {
    rule: 'APIG2',
    where: /^Api\/PublicApi\/Api$/,
    reason: 'the functions check each request by a strict schema, and say which field is wrong; API Gateway could not',
  },
  {
    rule: 'APIG4',
    where: /\/(ANY|GET)$/,
    reason: 'health, the description of the API, and answers to methods that a path does not take are public',
  },
  {
    rule: 'COG4',
    where: /^Api\/PublicApi\/Api\/Default\//,
    reason:
      'clients are programs with API keys, which an authorizer of our own reads; they are no users of a user pool',
  },
  {
    rule: /^IAM4\[.*AmazonAPIGatewayPushToCloudWatchLogs\]$/,
    where: /^Api\/PublicApi\/Api\/CloudWatchRole$/,
    reason: 'the role is of the account and region, not of an API, and API Gateway asks for all of this policy',
  },
];

const FUNCTION_ROLES: readonly Acknowledgement[] = [
  { rule: 'IAM5[Resource::*]', where: FUNCTIONS, reason: 'X-Ray takes segments and knows no resources' },
  {
    rule: 'IAM5[Action::kms:GenerateDataKey*]',
    where: /^(Api|Notifier|Admin|GpuPools)\//,
    reason: 'both forms of one operation, on the key of the topics alone; publishing to an encrypted topic needs it',
  },
  {
    rule: OBJECTS,
    where: /^(Api|Notifier|Admin|Cluster|GpuPools)\//,
    reason: 'objects of one bucket, or of its uploads; their keys are those of jobs and are not known before',
  },
  {
    rule: /^IAM5\[Resource::.*Bucketsoutputs.*\/outputs\/\*\/legacy\/\*\]$/,
    where: /^Notifier\/ResultNotifier\//,
    reason: 'copies of outputs for clients of the first API, whose keys hold the tenant and the job',
  },
  {
    rule: /^IAM5\[Resource::<JobReconcilerFunction\w+\.Arn>:\*\]$/,
    where: /^Notifier\/SchedulerRoleForTarget/,
    reason: 'versions of one function',
  },
];

const DATA: readonly Acknowledgement[] = [
  {
    rule: 'SQS3',
    where: /^Data\/Messaging\/job-(requests|events)-undelivered$/,
    reason: 'they are dead-letter queues, of subscriptions instead of a queue',
  },
  {
    rule: 'SMG4',
    where: /^(Data\/WebhookSecretKey|(Api|Admin)\/CursorSecret)\/Secret$/,
    reason:
      'what they protect would be lost by a new value; the runbook says how to change them with both values known',
  },
];

const ADMIN: readonly Acknowledgement[] = [
  {
    rule: 'IAM5[Resource::*]',
    where: /^Admin\/Service\/Task\/TaskRole\/DefaultPolicy$/,
    reason: 'alarms, metrics and traces are read and written, and CloudWatch and X-Ray know no resources for that',
  },
  {
    rule: 'ECS2',
    where: /^Admin\/Service\/Task$/,
    reason: 'names of resources and the list of pools; the one secret comes from Secrets Manager',
  },
  {
    rule: 'IAM5[Resource::*]',
    where: /^Admin\/Service\/Task\/ExecutionRole\/DefaultPolicy$/,
    reason: 'ecr:GetAuthorizationToken knows no resources',
  },
];

const DEPLOY_ROLE: readonly Acknowledgement[] = [
  {
    rule: 'IAM5[Resource::*]',
    where: /^DeployRole\/Role\/DefaultPolicy$/,
    reason: 'ecr:GetAuthorizationToken knows no resources',
  },
];

const MANAGED_POLICIES = [
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEKSClusterPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonSSMManagedInstanceCore',
  'CloudWatchAgentServerPolicy',
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'AmazonElasticContainerRegistryPublicReadOnly',
];

const CLUSTER: readonly Acknowledgement[] = [
  ...MANAGED_POLICIES.map((policy): Acknowledgement => ({
    rule: new RegExp(`^IAM4\\[Policy::.*${policy}.*\\]$`),
    where: /^Cluster\//,
    reason: 'AWS documents it as what this component of EKS needs, and keeps it up with the component',
  })),
  {
    rule: /^IAM5\[Resource::arn:aws:ec2:[^:]*:\d*:[a-z-]+\/\*\]$/,
    where: /^Cluster\/Karpenter\//,
    reason: 'Karpenter makes machines whose ids nobody knows before; conditions hold them to tags of this cluster',
  },
  {
    rule: /^IAM5\[Resource::arn:aws:(iam::\d+:instance-profile|ssm:[^:]*::parameter\/aws\/service)\/\*\]$/,
    where: /^Cluster\/Karpenter\//,
    reason:
      'instance profiles that Karpenter makes, held to tags of this cluster; public parameters with ids of images',
  },
  {
    rule: 'IAM5[Resource::*]',
    where: /^Cluster\/(Karpenter|Eks|OtelCollector|Addons)\//,
    reason: 'operations that describe, or that take measurements, know no resources',
  },
  {
    rule: /^IAM5\[Resource::<EksClusterKubectlProvider\w+\.Arn>:\*\]$/,
    where: /^Cluster\/Eks\/Cluster\/KubectlProvider\//,
    reason: "versions of CDK's own function for kubectl",
  },
  { rule: 'L1', where: /^Cluster\/Eks\/Cluster\/KubectlProvider\//, reason: "the runtime of CDK's own function" },
  {
    rule: 'SQS3',
    where: /^Cluster\/Karpenter\/Interruptions\/Queue$/,
    reason: 'a notice that nobody read within five minutes is about a machine that is gone',
  },
];

export const ACKNOWLEDGED: readonly Acknowledgement[] = [
  ...API,
  ...FUNCTION_ROLES,
  ...DATA,
  ...ADMIN,
  ...DEPLOY_ROLE,
  ...CLUSTER,
];
