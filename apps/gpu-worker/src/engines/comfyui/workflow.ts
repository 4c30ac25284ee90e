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

const PLACEHOLDER = /^\{\{([A-Za-z0-9_-]{1,64})\}\}$/;

/** The name of the image that an input stands for; undefined when it stands for itself. */
export function imageNameOf(value: unknown): string | undefined {
  return typeof value === 'string' ? PLACEHOLDER.exec(value)?.[1] : undefined;
}

/** The workflow with the loadable name of each image in the place of `{{name}}`. */
export function withImages(workflow: Workflow, names: ReadonlyMap<string, string>): Workflow {
  const fill = (value: unknown): unknown => names.get(imageNameOf(value) ?? '') ?? value;
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
