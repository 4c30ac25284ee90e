import { FUNCTIONS, type FunctionName, type StageConfig } from '../config/stage-config.ts';
import { clusterName, resourceName } from '../stage-context.ts';

/** Groups that Container Insights writes to. */
export const CONTAINER_INSIGHTS = ['application', 'dataplane', 'host', 'performance'] as const;

export function functionLogGroup(config: StageConfig, name: FunctionName): string {
  return `/aws/lambda/${resourceName(config, name)}`;
}

export function insightsLogGroup(config: StageConfig, group: (typeof CONTAINER_INSIGHTS)[number]): string {
  return `/aws/containerinsights/${clusterName(config)}/${group}`;
}

export function consoleLogGroup({ stage }: StageConfig): string {
  return `/afterimage/${stage}/admin`;
}

/** Everything that logs about jobs: the functions, the workers and the console. */
export function logGroupsOfJobs(config: StageConfig): string[] {
  const functions = FUNCTIONS.map((name) => functionLogGroup(config, name));
  return [...functions, insightsLogGroup(config, 'application'), consoleLogGroup(config)];
}
