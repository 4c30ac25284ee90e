import {
  createJobSchema,
  type CreateJob,
  type FieldError,
  type JobInput,
  rawInputSchema,
  TASK_OF_TYPE,
  toFieldErrors,
} from '@afterimage/job-schemas';
import type { ChosenModel } from './choose-model.ts';
import { toNativeInput, WEBUI_FIELD } from './native-input.ts';
import { incorrectPayload } from './payload-problem.ts';
import { type InlineImage, ImageTaker } from './take-images.ts';
import { checkSize, type TaskCommand } from './task-command.ts';
import { bodyErrors, imagesOf, type WebuiTaskType, withoutImages } from './webui-request.ts';
import type { Content } from './webui-content.ts';
import { withoutAddresses } from './workflow-input.ts';

export interface TaskInput {
  readonly input: JobInput | CreateJob['input'];
  /** To be stored before the job is there. */
  readonly inline: readonly InlineImage[];
}

function throwAny(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw incorrectPayload(errors);
}

function limitErrors(body: Content, { limits }: ChosenModel['model'], base: string): FieldError[] {
  const asked = [
    ['width', body['width'], limits.maxWidth],
    ['height', body['height'], limits.maxHeight],
    ['steps', body['steps'], limits.maxSteps],
    ['batch_size', imagesOf(body), limits.maxImages],
  ] as const;
  return asked.flatMap(([field, value, limit]): FieldError[] => {
    if (typeof value !== 'number' || value <= limit) return [];
    const detail = `must be at most ${limit} for this model, got ${value}`;
    return [{ pointer: `${base}/${field}`, code: 'too_big', detail, limit }];
  });
}

/** The pointer into the client's own body for one into the input that was made of it. */
function pointerIn(base: string, pointer: string): string {
  const [field = '', ...rest] = pointer.replace(/^#\/input\//, '').split('/');
  return [base, WEBUI_FIELD[field] ?? field, ...rest].join('/');
}

/** @throws ProblemError `malformed-request` with pointers into the client's own body */
function parseInput(
  task: CreateJob['task'],
  { model }: ChosenModel,
  input: Content,
  toPointer: (pointer: string) => string,
): CreateJob['input'] {
  const request = { model: model.id, task, input };
  const result = createJobSchema.safeParse(request);
  if (result.success) return result.data.input;
  const errors = toFieldErrors(result.error, request, () => []);
  throw incorrectPayload(errors.map((each) => ({ ...each, pointer: toPointer(each.pointer) })));
}

function webuiInput(tasktype: WebuiTaskType, command: TaskCommand, chosen: ChosenModel): TaskInput {
  const { tenantId, content, base } = command;
  const taker = new ImageTaker(tenantId);
  const body = withoutImages(tasktype, content, base, taker);
  throwAny([...taker.errors, ...bodyErrors(tasktype, body, base)]);
  throwAny(limitErrors(body, chosen.model, base));
  checkSize(body);
  const { images, inline } = taker;
  const { engine } = chosen.pool;
  if (engine === 'sdwebui') return { input: rawInputSchema.parse({ raw: body, images }), inline };
  const native = toNativeInput(tasktype, body, images, { base, engine });
  throwAny(native.errors);
  const input = parseInput(TASK_OF_TYPE[tasktype], chosen, native.input, (pointer) => pointerIn(base, pointer));
  return { input, inline };
}

function workflowInput({ tenantId, content, base }: TaskCommand, chosen: ChosenModel): TaskInput {
  const taker = new ImageTaker(tenantId);
  const workflow = withoutAddresses(content, base, taker);
  throwAny(taker.errors);
  checkSize(workflow);
  const { images, inline } = taker;
  const toPointer = (pointer: string) => pointer.replace(/^#\/input(\/workflow)?/, base);
  return { input: parseInput('workflow', chosen, { workflow, images }, toPointer), inline };
}

/**
 * The input of the job that a request in the form of the guidance is for: the body itself for SD WebUI, a workflow, or the
 * same in the fields of our own API for every other engine.
 * @throws ProblemError `malformed-request` that names each wrong field; `payload-too-large`
 */
export function toTaskInput(command: TaskCommand, chosen: ChosenModel): TaskInput {
  const { tasktype } = command;
  return tasktype === 'pipeline' ? workflowInput(command, chosen) : webuiInput(tasktype, command, chosen);
}
