import { EngineError, EngineUnusableError } from '../engine-error.ts';
import type { Issue } from './check-workflow.ts';
import { NoAnswerError, UnexpectedAnswerError } from './comfy-http.ts';
import type { HistoryEntry, Refusal } from './comfy-schemas.ts';
import { executionErrorSchema } from './comfy-schemas.ts';
import { isModel } from './model-names.ts';

const ISSUES_SHOWN = 5;
const OUT_OF_MEMORY = /out of memory|can't allocate memory/i;
/** After any of these the process fails every job until it is started again. */
const POISONED = /CUDA error|CUDNN|cuBLAS|NVML|no CUDA-capable device|device lost/i;

/** What the failure is mapped for. */
export interface FailedJob {
  readonly attempt: number;
  readonly model: string;
  /** `workflow_invalid` for a workflow of the client's, `input_invalid` for one of our own. */
  readonly refusalCode: 'workflow_invalid' | 'input_invalid';
}

function describe({ node, nodeType, field, problem }: Issue): string {
  return `node ${node} (${nodeType})${field === undefined ? '' : `, ${field}`}: ${problem}`;
}

function isModelMissing({ notListed }: Issue, model: string): boolean {
  return notListed !== undefined && (notListed.choices === 0 || isModel(notListed.value, model));
}

/** What becomes of a job whose workflow the server will not run, by its own word or by its list of nodes. */
export function refused(issues: readonly Issue[], { model, refusalCode }: FailedJob): EngineError {
  const shown = issues.slice(0, ISSUES_SHOWN).map(describe);
  const more = issues.length - shown.length;
  const message = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  // A model that the job was accepted for should be there: its volume may not be mounted yet, or elsewhere it is.
  if (issues.some((issue) => isModelMissing(issue, model))) {
    return new EngineError('model_load_failed', `a model is missing: ${message}`, { isRetryable: true });
  }
  return new EngineError(refusalCode, message, { isRetryable: false });
}

/** The server's own words, without its lists of files. */
export function issuesOf({ error, node_errors }: Refusal): readonly Issue[] {
  const issues = Object.entries(node_errors).flatMap(([node, { class_type: nodeType, errors }]) =>
    errors.map(({ type, message, extra_info }): Issue => {
      const issue = { node, nodeType, field: extra_info?.input_name, problem: message === '' ? type : message };
      if (type !== 'value_not_in_list') return issue;
      const value = String(extra_info?.received_value ?? '').slice(0, 100);
      return { ...issue, problem: `"${value}" is not one of the server's choices`, notListed: { value, choices: 1 } };
    }),
  );
  if (issues.length > 0) return issues;
  return [{ node: '?', nodeType: '?', field: undefined, problem: `${error.type} ${error.message}`.trim() }];
}

/**
 * Why a finished prompt did not succeed; undefined when it did. The exception's own words hold prompts and paths of the
 * server: only its type is told.
 */
export function executionFailure(
  { status }: HistoryEntry,
  job: FailedJob,
): EngineError | EngineUnusableError | undefined {
  const failed = status.messages.find(([event]) => event === 'execution_error');
  if (failed !== undefined) return nodeFailure(failed[1], job);
  if (status.messages.some(([event]) => event === 'execution_interrupted')) {
    return new EngineError('engine_error', 'somebody else interrupted the workflow', { isRetryable: true });
  }
  if (status.completed && status.status_str === 'success') return undefined;
  return new EngineError('engine_error', 'the workflow ended without success', { isRetryable: true });
}

function nodeFailure(data: unknown, { attempt }: FailedJob): EngineError | EngineUnusableError {
  const { node_id, node_type, exception_type: type, exception_message: text } = executionErrorSchema.parse(data);
  const what = `node ${node_id} (${node_type}) failed with ${type}`;
  // Once more can help, on another engine or an emptier one.
  const isRetryable = attempt === 1;
  if (/OutOfMemoryError/.test(type) || OUT_OF_MEMORY.test(text)) {
    return new EngineError('out_of_memory', what, { isRetryable });
  }
  if (POISONED.test(text)) return new EngineUnusableError(`${what}: the GPU needs a new process`);
  if (type.endsWith('UnidentifiedImageError')) return new EngineError('input_invalid', what, { isRetryable: false });
  if (/Loader/.test(node_type)) return new EngineError('model_load_failed', what, { isRetryable });
  return new EngineError('engine_error', what, { isRetryable });
}

/** A failure of the conversation with the server, as the worker knows failures; anything else stays what it is. */
export function asEngineFailure(error: unknown): unknown {
  if (error instanceof NoAnswerError) {
    if (error.kind === 'refused') return new EngineUnusableError('ComfyUI is gone', { cause: error });
    return new EngineError('engine_error', `ComfyUI does not answer: ${error.message}`, {
      isRetryable: true,
      cause: error,
    });
  }
  if (error instanceof UnexpectedAnswerError && (error.status === 404 || error.status === 405)) {
    return new EngineUnusableError(`${error.message}: the server is no ComfyUI`, { cause: error });
  }
  if (error instanceof UnexpectedAnswerError) {
    return new EngineError('engine_error', error.message, { isRetryable: true, cause: error });
  }
  return error;
}
