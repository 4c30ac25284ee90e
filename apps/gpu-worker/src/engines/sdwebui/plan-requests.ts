import type { Log } from '@afterimage/telemetry';
import type { EngineJob } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import {
  imageToImageRequests,
  invalid,
  type RequestContext,
  textToImageRequests,
  upscaleRequest,
} from './build-request.ts';
import { rawSamplingRequest, rawUpscaleRequest } from './raw-request.ts';
import type { WebuiRequest } from './webui-request.ts';
import type { WebuiServer } from './webui-server.ts';

/** The requests that a job comes to, checked against what the server has: it would replace without a word what it has not. */
export function makePlanRequests(server: WebuiServer, log: Log) {
  const { lists } = server;

  /** The pool says that its server has the model, so one that is missing is a fault of the place and not of the job. */
  async function contextOf(job: EngineJob, signal: AbortSignal): Promise<RequestContext> {
    const checkpoint = await lists.findCheckpoint(job.model, signal);
    if (checkpoint === undefined) {
      log.error('model missing on the server', { model: job.model });
      throw new EngineError('model_load_failed', `the server has no model ${job.model}`, { isRetryable: true });
    }
    return { job, dialect: await server.dialect(signal), checkpoint };
  }

  async function upscalerOf(name: string | undefined, signal: AbortSignal): Promise<string> {
    const upscaler = await lists.findUpscaler(name, signal);
    if (upscaler === undefined) throw invalid(`upscaler: the server has no upscaler "${name}"`);
    return upscaler;
  }

  async function checkSamplers({ body }: WebuiRequest, signal: AbortSignal): Promise<void> {
    for (const field of ['sampler_name', 'hr_sampler_name']) {
      const sampler = body[field];
      if (typeof sampler !== 'string' || sampler === '' || (await lists.hasSampler(sampler, signal))) continue;
      throw invalid(`${field}: the server has no sampler "${sampler}"`);
    }
  }

  /** @throws EngineError when the job asks for what the server may not, or cannot, do; what the client throws */
  return async function planRequests(job: EngineJob, signal: AbortSignal): Promise<WebuiRequest[]> {
    const { request } = job;
    switch (request.kind) {
      case 'text-to-image':
        return textToImageRequests(await contextOf(job, signal), request.input);
      case 'image-to-image':
        return imageToImageRequests(await contextOf(job, signal), request.input);
      case 'upscale':
        return [upscaleRequest(job, request.input, await upscalerOf(request.input.upscaler, signal))];
      case 'workflow':
        throw invalid('this engine has no workflows');
      case 'raw':
        break;
    }
    if (request.task === 'upscale') {
      const { request: raw, upscalers } = await rawUpscaleRequest(request.input, job.inputs);
      for (const name of upscalers) await upscalerOf(name, signal);
      return [raw];
    }
    const path = request.task === 'text-to-image' ? 'txt2img' : 'img2img';
    const raw = rawSamplingRequest(await contextOf(job, signal), path, request.input);
    await checkSamplers(raw, signal);
    return [raw];
  };
}
