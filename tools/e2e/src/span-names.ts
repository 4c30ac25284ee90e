import type { TraceTree } from '@afterimage/telemetry/trace-tree';

/** Calls of AWS come and go with the adapters; what a trace promises is who called whom. */
const isOurs = (name: string) => !/^(DynamoDB|S3|SQS|SNS) /.test(name);

/** The names of a trace, each indented by its depth, siblings in the order in which they began. */
export function spanNames(tree: TraceTree): string[] {
  return tree.spans.filter(({ name }) => isOurs(name)).map(({ depth, name }) => `${'  '.repeat(depth)}${name}`);
}
