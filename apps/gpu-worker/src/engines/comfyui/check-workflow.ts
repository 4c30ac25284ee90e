import { placeholderOf } from '@afterimage/job-schemas';
import type { NodeInfo, ObjectInfo } from './comfy-schemas.ts';
import type { Workflow, WorkflowNode } from './workflow.ts';
import { asLink } from './workflow.ts';

/** Something in a workflow that the server will not run. */
export interface Issue {
  readonly node: string;
  readonly nodeType: string;
  /** Undefined where it is the node itself. */
  readonly field: string | undefined;
  readonly problem: string;
  /** Of a value that is none of the server's: it, and how many there are. */
  readonly notListed?: { readonly value: string; readonly choices: number };
}

type FieldSpec = readonly unknown[];

/** The choices of a field, in the old style (`[["a", "b"], {}]`) or the new one (`["COMBO", {"options": […]}]`). */
export function choicesOf(spec: FieldSpec | undefined): readonly unknown[] | undefined {
  const [type, extra] = spec ?? [];
  if (Array.isArray(type)) return type;
  const options: unknown = type === 'COMBO' ? readExtra(extra, 'options') : undefined;
  return Array.isArray(options) ? options : undefined;
}

function readExtra(extra: unknown, key: string): unknown {
  return typeof extra === 'object' && extra !== null ? Reflect.get(extra, key) : undefined;
}

function linkProblem(workflow: Workflow, nodes: ObjectInfo, value: unknown): string | undefined {
  const link = asLink(value);
  if (link === undefined) return undefined;
  const source = workflow[link.node];
  if (source === undefined) return `links to the node ${link.node}, which is not there`;
  const outputs = nodes[source.class_type]?.output;
  if (outputs === undefined || (Number.isInteger(link.slot) && link.slot >= 0 && link.slot < outputs.length)) {
    return undefined;
  }
  return `links to output ${link.slot} of the node ${link.node} (${source.class_type}), which has ${outputs.length}`;
}

function checkValue(
  spec: FieldSpec,
  value: unknown,
  images: ReadonlySet<string>,
): Omit<Issue, 'node' | 'nodeType' | 'field'> | undefined {
  const image = placeholderOf(value);
  if (image !== undefined && images.has(image)) return undefined;
  if (readExtra(spec[1], 'image_upload') === true) {
    // A file of the server's could be another job's.
    return { problem: 'must be {{name}}, the name of one of the images of the job' };
  }
  const choices = choicesOf(spec);
  if (choices === undefined || choices.includes(value)) return undefined;
  const shown = String(value).slice(0, 100);
  const problem = `"${shown}" is none of the server's ${choices.length} choices`;
  return { problem, notListed: { value: shown, choices: choices.length } };
}

function checkNode(
  workflow: Workflow,
  id: string,
  node: WorkflowNode,
  info: NodeInfo,
  context: { readonly nodes: ObjectInfo; readonly images: ReadonlySet<string> },
): Issue[] {
  const issues: Issue[] = [];
  const add = (field: string, issue: Omit<Issue, 'node' | 'nodeType' | 'field'>): void => {
    issues.push({ node: id, nodeType: node.class_type, field, ...issue });
  };
  for (const [field, [type]] of Object.entries(info.input.required)) {
    // The server fills the prefix of a save node in itself, and so does the engine; the inputs of a growing group
    // (`COMFY_AUTOGROW_V3`) have names of their own.
    const isFilled = field === 'filename_prefix' || (typeof type === 'string' && type.startsWith('COMFY_'));
    if (!(field in node.inputs) && !isFilled) add(field, { problem: 'is required' });
  }
  for (const [field, value] of Object.entries(node.inputs)) {
    const problem = linkProblem(workflow, context.nodes, value);
    if (problem !== undefined) add(field, { problem });
    const spec = info.input.required[field] ?? info.input.optional[field];
    if (spec === undefined || asLink(value) !== undefined) continue;
    const issue = checkValue(spec, value, context.images);
    if (issue !== undefined) add(field, issue);
  }
  return issues;
}

/**
 * Everything in a workflow that the server cannot know what to do with. What it can still refuse, ranges and types, it says
 * itself when the workflow is submitted.
 *
 * @param images names that `{{name}}` may stand for
 */
export function checkWorkflow(workflow: Workflow, nodes: ObjectInfo, images: ReadonlySet<string>): readonly Issue[] {
  return Object.entries(workflow).flatMap(([id, node]): readonly Issue[] => {
    const info = Object.hasOwn(nodes, node.class_type) ? nodes[node.class_type] : undefined;
    if (info === undefined) {
      const problem = 'the server has no node of this type';
      return [{ node: id, nodeType: node.class_type, field: undefined, problem }];
    }
    return info === null ? [] : checkNode(workflow, id, node, info, { nodes, images });
  });
}
