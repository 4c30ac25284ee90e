import type { EngineJob, InputImage } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import { checkWorkflow } from './check-workflow.ts';
import type { PictureRule } from './check-picture.ts';
import type { FailedJob } from './comfy-errors.ts';
import { refused } from './comfy-errors.ts';
import type { ObjectInfo } from './comfy-schemas.ts';
import { filesOf, findFile } from './model-names.ts';
import { saveNodes } from './save-nodes.ts';
import { imageToImage } from './templates/image-to-image.ts';
import type { Template } from './templates/template.ts';
import { textToImage } from './templates/text-to-image.ts';
import { upscale } from './templates/upscale.ts';
import type { Workflow } from './workflow.ts';

/** One prompt for the server, whose images have no names there yet. */
export interface PlannedPrompt {
  readonly workflow: Workflow;
  /** The nodes whose files are the results. */
  readonly saveNodes: readonly string[];
  readonly seed: number | null;
  readonly rule: PictureRule;
  readonly sampler?: Template['sampler'] | undefined;
}

export interface Plan {
  readonly prompts: readonly PlannedPrompt[];
  readonly job: FailedJob;
}

function checkpointOf(nodes: ObjectInfo, model: string): string {
  const file = findFile(filesOf(nodes, 'CheckpointLoaderSimple', 'ckpt_name'), model);
  if (file !== undefined) return file;
  // The job would not be in this queue if the pool did not serve the model: its volume may not be mounted.
  throw new EngineError('model_load_failed', `the server has no checkpoint ${model}`, { isRetryable: true });
}

function upscalerOf(nodes: ObjectInfo, upscaler: string | undefined): string | undefined {
  if (upscaler === undefined) return undefined;
  const file = findFile(filesOf(nodes, 'UpscaleModelLoader', 'model_name'), upscaler);
  if (file !== undefined) return file;
  throw new EngineError('input_invalid', `the server has no upscaler "${upscaler}"`, { isRetryable: false });
}

function imageOf(inputs: EngineJob['inputs'], name: string): InputImage {
  const image = inputs.get(name);
  if (image !== undefined) return image;
  throw new EngineError('input_fetch_failed', `the image "${name}" of the job is not there`, { isRetryable: true });
}

function templatesOf({ request, inputs, model }: EngineJob, nodes: ObjectInfo): readonly Template[] {
  switch (request.kind) {
    case 'text-to-image': {
      const checkpoint = checkpointOf(nodes, model);
      return Array.from({ length: request.input.images }, (_, index) => textToImage(request.input, checkpoint, index));
    }
    case 'image-to-image': {
      const checkpoint = checkpointOf(nodes, model);
      const image = imageOf(inputs, 'image');
      if (request.input.mask !== undefined) imageOf(inputs, 'mask');
      return Array.from({ length: request.input.images }, (_, index) =>
        imageToImage(request.input, image, checkpoint, index),
      );
    }
    case 'upscale':
      return [upscale(request.input, imageOf(inputs, 'image'), upscalerOf(nodes, request.input.upscaler))];
    default:
      throw new EngineError('input_invalid', 'ComfyUI takes no request of SD WebUI', { isRetryable: false });
  }
}

function check(workflow: Workflow, nodes: ObjectInfo, inputs: EngineJob['inputs'], job: FailedJob): void {
  const issues = checkWorkflow(workflow, nodes, new Set(inputs.keys()));
  if (issues.length > 0) throw refused(issues, job);
}

function planWorkflow(workflow: Workflow, { attempt, model, inputs }: EngineJob, nodes: ObjectInfo): Plan {
  const job = { attempt, model, refusalCode: 'workflow_invalid' } as const;
  check(workflow, nodes, inputs, job);
  const saving = saveNodes(workflow, nodes);
  if (saving.length === 0) {
    throw new EngineError('workflow_invalid', 'no node of the workflow saves a picture', { isRetryable: false });
  }
  // A workflow may well be meant to give one colour.
  return { job, prompts: [{ workflow, saveNodes: saving, seed: null, rule: { refuse: 'black' } }] };
}

/**
 * What the server is to run for a job: a client's workflow, or one of ours for each picture.
 * @throws EngineError when the server cannot run it, by the nodes that it has
 */
export function planJob(job: EngineJob, nodes: ObjectInfo): Plan {
  const { request, attempt, model, inputs } = job;
  if (request.kind === 'workflow') return planWorkflow(request.input.workflow, job, nodes);
  const refuse = request.kind === 'upscale' ? 'black' : 'uniform';
  const failedJob = { attempt, model, refusalCode: 'input_invalid' } as const;
  const prompts = templatesOf(job, nodes).map(({ workflow, seed, size, sampler }): PlannedPrompt => {
    check(workflow, nodes, inputs, failedJob);
    return { workflow, saveNodes: saveNodes(workflow, nodes), seed, rule: { size, refuse }, sampler };
  });
  return { job: failedJob, prompts };
}
