import type { ObjectInfo } from './comfy-schemas.ts';
import type { Workflow, WorkflowNode } from './workflow.ts';
import { mapInputs } from './workflow.ts';

const PREFIX = 'filename_prefix';

function hasPrefix({ class_type: type, inputs }: WorkflowNode, nodes: ObjectInfo): boolean {
  const fields = nodes[type]?.input;
  return PREFIX in inputs || fields?.required[PREFIX] !== undefined || fields?.optional[PREFIX] !== undefined;
}

/** Ids of the nodes that write files which stay: those are the results of the job. */
export function saveNodes(workflow: Workflow, nodes: ObjectInfo): readonly string[] {
  return Object.entries(workflow)
    .filter(([, node]) => nodes[node.class_type]?.output_node !== false && hasPrefix(node, nodes))
    .map(([id]) => id);
}

/**
 * Gives every file the prefix of its own job. The server answers a workflow that it has just run with the names of the files
 * that it wrote then; a prefix that nobody else has keeps it from ever giving those of another job.
 */
export function withPrefix(workflow: Workflow, nodes: ObjectInfo, prefix: string): Workflow {
  const order = Object.keys(workflow);
  return mapInputs(workflow, (inputs, id, node) =>
    hasPrefix(node, nodes) ? { ...inputs, [PREFIX]: `${prefix}/${order.indexOf(id)}` } : inputs,
  );
}
