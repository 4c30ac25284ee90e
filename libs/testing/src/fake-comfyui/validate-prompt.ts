import type { Catalogue } from './node-catalogue.ts';
import type { Graph, GraphNode } from './prompt.ts';
import { asLink, graphSchema } from './prompt.ts';

export interface NodeError {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: object;
}

export interface NodeErrors {
  readonly errors: readonly NodeError[];
  readonly dependent_outputs: readonly string[];
  readonly class_type: string;
}

export type Verdict =
  | { readonly isValid: true; readonly graph: Graph; readonly outputs: readonly string[] }
  | { readonly isValid: false; readonly answer: object };

function refusal(type: string, message: string, details = '', nodeErrors: Record<string, NodeErrors> = {}): Verdict {
  const error = { type, message, details, extra_info: {} };
  return { isValid: false, answer: { error, node_errors: nodeErrors } };
}

function optionsOf(spec: readonly unknown[]): readonly unknown[] | undefined {
  const [type, extra] = spec;
  if (Array.isArray(type)) return type;
  if (type !== 'COMBO' || typeof extra !== 'object' || extra === null || !('options' in extra)) return undefined;
  return Array.isArray(extra.options) ? extra.options : undefined;
}

function numberOf(extra: unknown, key: 'min' | 'max'): number | undefined {
  if (typeof extra !== 'object' || extra === null || !(key in extra)) return undefined;
  const value: unknown = Reflect.get(extra, key);
  return typeof value === 'number' ? value : undefined;
}

function fieldError(field: string, value: unknown, spec: readonly unknown[], isUpload: boolean): NodeError | undefined {
  const extra_info = { input_name: field, input_config: spec, received_value: value };
  const options = optionsOf(spec);
  if (options !== undefined && !options.includes(value)) {
    const details = `${field}: '${String(value)}' not in ${JSON.stringify(options)}`;
    if (!isUpload) return { type: 'value_not_in_list', message: 'Value not in list', details, extra_info };
    const invalid = `${field} - Invalid image file: ${String(value)}`;
    const message = 'Custom validation failed for node';
    return { type: 'custom_validation_failed', message, details: invalid, extra_info };
  }
  const [min, max] = [numberOf(spec[1], 'min'), numberOf(spec[1], 'max')];
  if (min !== undefined && Number(value) < min) {
    return {
      type: 'value_smaller_than_min',
      message: `Value ${value} smaller than min of ${min}`,
      details: field,
      extra_info,
    };
  }
  if (max !== undefined && Number(value) > max) {
    return {
      type: 'value_bigger_than_max',
      message: `Value ${value} bigger than max of ${max}`,
      details: field,
      extra_info,
    };
  }
  return undefined;
}

function nodeErrors(graph: Graph, node: GraphNode, catalogue: Catalogue): NodeError[] {
  const errors: NodeError[] = [];
  for (const [field, spec] of Object.entries(catalogue[node.class_type]?.input.required ?? {})) {
    const value = node.inputs[field];
    const extra_info = { input_name: field };
    if (value === undefined) {
      errors.push({ type: 'required_input_missing', message: 'Required input is missing', details: field, extra_info });
      continue;
    }
    const link = asLink(value);
    if (link === undefined) {
      const error = fieldError(field, value, spec, node.class_type.startsWith('LoadImage') && field === 'image');
      if (error !== undefined) errors.push(error);
      continue;
    }
    const source = graph[link[0]];
    if (source === undefined) {
      const message = 'Exception when validating node';
      errors.push({ type: 'exception_during_validation', message, details: `'${link[0]}'`, extra_info });
    } else if (catalogue[source.class_type]?.output[link[1]] !== spec[0]) {
      const details = `${field}, received_type(${catalogue[source.class_type]?.output[link[1]]}) mismatch input_type(${String(spec[0])})`;
      errors.push({
        type: 'return_type_mismatch',
        message: 'Return type mismatch between linked nodes',
        details,
        extra_info,
      });
    }
  }
  return errors;
}

/** What `POST /prompt` says of a prompt before it queues it. */
export function validatePrompt(prompt: unknown, catalogue: Catalogue, isNew: boolean): Verdict {
  if (prompt === undefined) return refusal('no_prompt', 'No prompt provided', 'No prompt provided');
  const parsed = graphSchema.safeParse(prompt);
  if (!parsed.success)
    return refusal('invalid_prompt', 'Cannot execute because a node is missing the class_type property.');
  const graph = parsed.data;
  for (const [id, node] of Object.entries(graph)) {
    if (catalogue[node.class_type] !== undefined) continue;
    const message = `Cannot execute because node ${node.class_type} does not exist.`;
    return refusal(isNew ? 'missing_node_type' : 'invalid_prompt', message, `Node ID '#${id}'`);
  }
  const outputs = Object.keys(graph).filter((id) => catalogue[graph[id]?.class_type ?? '']?.output_node === true);
  if (outputs.length === 0) return refusal('prompt_no_outputs', 'Prompt has no outputs');
  const byNode: Record<string, NodeErrors> = {};
  for (const [id, node] of Object.entries(graph)) {
    const errors = nodeErrors(graph, node, catalogue);
    if (errors.length > 0) byNode[id] = { errors, dependent_outputs: outputs, class_type: node.class_type };
  }
  if (Object.keys(byNode).length === 0) return { isValid: true, graph, outputs };
  return refusal('prompt_outputs_failed_validation', 'Prompt outputs failed validation', '', byNode);
}
