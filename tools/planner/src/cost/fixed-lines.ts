import type { Assumptions } from '../assumptions.ts';
import type { Prices } from '../prices/price-file.ts';
import { type CostLine, priced } from './cost-line.ts';

const MONTH_HOURS = 730;
/** What `infra` makes of each. */
const SYSTEM_NODE = { type: 't4g.large', diskGb: 34 } as const;
const WAF_RULES = 3;
const KMS_KEYS = 4;
const SECRETS = 2;
const CONSOLE_TASK = { vcpus: 0.25, memoryGb: 1 } as const;
const RECONCILER_RUNS = MONTH_HOURS * 60;
const RECONCILER_GB = 0.5;
/** Two queues of a pool every 10 s, and the pollers of the notifier: five that ask every 20 s. */
const QUEUE_LOOKS = MONTH_HOURS * 3600 * (2 / 10 + 5 / 20);

/** What a stage with one pool costs without any job. */
export function fixedLines(prices: Prices, assumed: Assumptions): CostLine[] {
  const line = (group: CostLine['group'], service: string, what: string) =>
    ({ group, service, what, isFixed: true }) as const;
  const nodeHours = assumed.systemNodes * MONTH_HOURS;
  const nodeUsd = prices.machine(SYSTEM_NODE.type).onDemandUsd;
  return [
    priced(prices, line('cluster', 'EKS', 'control plane'), 'eksClusterHour', MONTH_HOURS),
    {
      ...line('cluster', 'EC2', `system nodes, ${SYSTEM_NODE.type} On-Demand`),
      quantity: nodeHours,
      unit: 'hour',
      unitUsd: nodeUsd,
      usd: nodeHours * nodeUsd,
    },
    priced(
      prices,
      line('cluster', 'EBS', 'volumes of the system nodes'),
      'ebsGp3GbMonth',
      assumed.systemNodes * SYSTEM_NODE.diskGb,
    ),
    priced(prices, line('cluster', 'ECR', 'container images'), 'ecrGbMonth', assumed.imagesGb),
    priced(prices, line('transfer', 'NAT', 'gateways'), 'natHour', assumed.natGateways * MONTH_HOURS),
    priced(prices, line('transfer', 'NAT', 'data of the cluster'), 'natGb', assumed.natBaseGb),
    priced(prices, line('api', 'WAF', 'web ACL'), 'wafAclMonth', 1),
    priced(prices, line('api', 'WAF', 'rules'), 'wafRuleMonth', WAF_RULES),
    priced(
      prices,
      line('functions', 'Lambda', 'reconciler'),
      'lambdaArmGbSecond',
      (RECONCILER_RUNS * assumed.reconcilerMs * RECONCILER_GB) / 1000,
    ),
    priced(prices, line('functions', 'Scheduler', 'reconciler'), 'schedulerInvocation', RECONCILER_RUNS),
    priced(prices, line('messaging', 'SQS', 'looks of KEDA and Lambda'), 'sqsRequest', QUEUE_LOOKS),
    priced(prices, line('messaging', 'KMS', 'keys'), 'kmsKeyMonth', KMS_KEYS),
    priced(prices, line('messaging', 'Secrets Manager', 'secrets'), 'secretMonth', SECRETS),
    priced(prices, line('storage', 'S3', 'models'), 's3GbMonth', assumed.modelsGb),
    priced(prices, line('observability', 'CloudWatch', 'logs of the cluster'), 'logsGb', assumed.clusterLogGb),
    priced(prices, line('observability', 'CloudWatch', 'metrics'), 'metricMonth', assumed.metrics),
    priced(prices, line('observability', 'CloudWatch', 'alarms'), 'alarmMonth', assumed.alarms),
    priced(prices, line('observability', 'CloudWatch', 'dashboard'), 'dashboardMonth', 1),
    ...consoleLines(prices, assumed.consoleTasks),
  ];
}

function consoleLines(prices: Prices, tasks: number): CostLine[] {
  if (tasks === 0) return [];
  const line = (service: string, what: string) => ({ group: 'console', service, what, isFixed: true }) as const;
  const { vcpus, memoryGb } = CONSOLE_TASK;
  return [
    priced(prices, line('Fargate', 'processors'), 'fargateArmVcpuHour', tasks * vcpus * MONTH_HOURS),
    priced(prices, line('Fargate', 'memory'), 'fargateArmGbHour', tasks * memoryGb * MONTH_HOURS),
    priced(prices, line('ALB', 'load balancer'), 'albHour', MONTH_HOURS),
    priced(prices, line('ALB', 'capacity'), 'albCapacityUnitHour', MONTH_HOURS * 0.1),
    priced(prices, line('WAF', 'web ACL'), 'wafAclMonth', 1),
    priced(prices, line('WAF', 'rules'), 'wafRuleMonth', WAF_RULES),
  ];
}
