import type { TraceTree } from '@afterimage/telemetry/trace-tree';

/** Calls of AWS come and go with the adapters; what a trace promises is who called whom. */
const isOurs = (name: string) => !/^(DynamoDB|S3|SQS|SNS) /.test(name);

/**
 * What failed, by name and attributes. A call of AWS may: a service on a busy machine does without the one that comes too late,
 * or makes it again.
 */
export function faultsOf({ spans }: TraceTree): string[] {
  const faults = spans.filter(({ isFault, name }) => isFault && isOurs(name));
  return faults.map(({ name, attributes }) => `${name}: ${JSON.stringify(attributes)}`);
}

/** The names of a trace, each indented by its depth, siblings in the order in which they began. */
export function spanNames(tree: TraceTree): string[] {
  return tree.spans.filter(({ name }) => isOurs(name)).map(({ depth, name }) => `${'  '.repeat(depth)}${name}`);
}
