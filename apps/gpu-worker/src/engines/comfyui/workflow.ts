import { placeholderOf } from '@afterimage/job-schemas';

/** A node of a workflow in API format. */
export interface WorkflowNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A workflow in API format: its nodes by their ids. */
export type Workflow = Readonly<Record<string, WorkflowNode>>;

/** An input that is taken from another node: `[node id, output slot]`. */
export interface Link {
  readonly node: string;
  readonly slot: number;
}

/** The link that a node's input is; undefined when it is a value. */
export function asLink(value: unknown): Link | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [node, slot]: unknown[] = value;
  return typeof node === 'string' && typeof slot === 'number' ? { node, slot } : undefined;
}

/** The workflow with the loadable name of each image in the place of `{{name}}`. */
export function withImages(workflow: Workflow, names: ReadonlyMap<string, string>): Workflow {
  const fill = (value: unknown): unknown => names.get(placeholderOf(value) ?? '') ?? value;
  return mapInputs(workflow, (inputs) =>
    Object.fromEntries(Object.entries(inputs).map(([field, value]) => [field, fill(value)])),
  );
}

export function mapInputs(
  workflow: Workflow,
  change: (inputs: WorkflowNode['inputs'], id: string, node: WorkflowNode) => WorkflowNode['inputs'],
): Workflow {
  return Object.fromEntries(
    Object.entries(workflow).map(([id, node]) => [id, { ...node, inputs: change(node.inputs, id, node) }]),
  );
}
