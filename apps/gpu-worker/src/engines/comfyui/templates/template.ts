import type { Workflow } from '../workflow.ts';

/** A workflow of our own for one picture. */
export interface Template {
  readonly workflow: Workflow;
  readonly seed: number | null;
  /** Of the picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly sampler?: { readonly node: string; readonly steps: number };
}

/** Ids of the nodes that more than one template has. */
export const NODE = { model: 'model', positive: 'positive', negative: 'negative', sampler: 'sampler', save: 'save' };

/** The checkpoint and both prompts. */
export function promptNodes(checkpoint: string, input: { prompt: string; negativePrompt: string }): Workflow {
  const clip = [NODE.model, 1];
  return {
    [NODE.model]: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
    [NODE.positive]: { class_type: 'CLIPTextEncode', inputs: { text: input.prompt, clip } },
    [NODE.negative]: { class_type: 'CLIPTextEncode', inputs: { text: input.negativePrompt, clip } },
  };
}

export function saveNode(images: readonly [node: string, slot: number]): Workflow {
  return { [NODE.save]: { class_type: 'SaveImage', inputs: { images, filename_prefix: '' } } };
}
