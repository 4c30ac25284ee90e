import { type JobInput, type JobRecord, type LegacyTaskType, placeholderOf } from '@afterimage/job-schemas';

/** The images of a request are not shown again, as SD WebUI shows none. */
function withoutImages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutImages);
  return placeholderOf(value) === undefined ? value : null;
}

function rawParameters(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).map(([field, value]) => [field, withoutImages(value)]));
}

/** What SD WebUI would say of the request: its fields by the names that they have there. */
function parametersOf(input: JobInput): Record<string, unknown> {
  if ('raw' in input) return rawParameters(input.raw);
  if (!('prompt' in input)) return {};
  return {
    prompt: input.prompt,
    negative_prompt: input.negativePrompt,
    seed: input.seed,
    batch_size: 1,
    n_iter: input.images,
    steps: input.steps,
    cfg_scale: input.guidance,
    width: input.width ?? null,
    height: input.height ?? null,
    ...('strength' in input ? { denoising_strength: input.strength } : {}),
  };
}

function failure({ status, error }: JobRecord) {
  const { code, message, stage, attempt } = error ?? { code: status, message: `the job is ${status}`, stage: null };
  return { message, reason: { code, message, stage, ...(attempt === undefined ? {} : { attempt }) } };
}

function webuiFile(job: JobRecord, idOfTask: string, isUpscale: boolean): Record<string, unknown> {
  if (job.status !== 'succeeded') {
    const { message, reason } = failure(job);
    return { id_task: idOfTask, status: 0, error_msg: message, reason };
  }
  if (isUpscale) return { html_info: '', id_task: idOfTask, error_msg: '' };
  const seeds = job.outputs.map(({ seed }) => seed).filter((seed) => seed !== null);
  return { ...parametersOf(job.input), id_task: idOfTask, image_seed: seeds.join(','), error_msg: '' };
}

/**
 * The `.out` file of a job that has ended: of ComfyUI a code alone, of SD WebUI the parameters, with the id and seeds of
 * the pictures or the reason why there are none.
 */
export function outFile(job: JobRecord, { id, tasktype }: { readonly id: string; readonly tasktype: LegacyTaskType }) {
  if (tasktype === 'pipeline') {
    return job.status === 'succeeded' ? { code: 200 } : { code: 500, error: failure(job).message };
  }
  return { images: [''], parameters: webuiFile(job, id, tasktype === 'extra-single-image'), info: '' };
}
