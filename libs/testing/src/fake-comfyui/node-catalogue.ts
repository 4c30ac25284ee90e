/** The nodes of the fake, as `/object_info` describes them. */

export interface ComfyNode {
  readonly input: {
    readonly required?: Readonly<Record<string, readonly unknown[]>>;
    readonly optional?: Readonly<Record<string, readonly unknown[]>>;
    readonly hidden?: Readonly<Record<string, unknown>>;
  };
  readonly output: readonly string[];
  readonly name: string;
  readonly output_node: boolean;
}

export type Catalogue = Readonly<Record<string, ComfyNode>>;

export interface ModelFiles {
  readonly checkpoints: readonly string[];
  readonly upscalers: readonly string[];
  /** Names of uploaded files, as `LoadImage` lists them. */
  readonly inputs: readonly string[];
}

const SAMPLERS = ['euler', 'euler_ancestral', 'dpmpp_2m', 'dpmpp_sde', 'ddim', 'lcm', 'uni_pc'];
const SCHEDULERS = ['simple', 'sgm_uniform', 'karras', 'exponential', 'ddim_uniform', 'beta', 'normal'];
const METHODS = ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'];
const SIDE = ['INT', { default: 512, min: 1, max: 16384, step: 1 }] as const;
const LATENT_SIDE = ['INT', { default: 512, min: 16, max: 16384, step: 8 }] as const;
const BATCH = ['INT', { default: 1, min: 1, max: 4096 }] as const;
const TEXT = ['STRING', { default: '', multiline: true }] as const;

function node(name: string, required: ComfyNode['input']['required'] & object, output: readonly string[]): ComfyNode {
  return { input: { required }, output, name, output_node: false };
}

function outputNode(name: string, required: ComfyNode['input']['required'] & object): ComfyNode {
  const hidden = { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' };
  return { input: { required, hidden }, output: [], name, output_node: true };
}

/** The old style lists the choices of a field in place of its type; the new one says `COMBO`. */
function choices(isNew: boolean, options: readonly string[], extra: object = {}): readonly unknown[] {
  return isNew ? ['COMBO', { options, ...extra }] : [options, extra];
}

export function nodeCatalogue(isNew: boolean, files: ModelFiles): Catalogue {
  const oneOf = (options: readonly string[], extra?: object) => choices(isNew, options, extra);
  const upload = oneOf(files.inputs, { image_upload: true });
  const nodes = [
    node('CheckpointLoaderSimple', { ckpt_name: oneOf(files.checkpoints) }, ['MODEL', 'CLIP', 'VAE']),
    node('CLIPTextEncode', { text: TEXT, clip: ['CLIP', {}] }, ['CONDITIONING']),
    node('EmptyLatentImage', { width: LATENT_SIDE, height: LATENT_SIDE, batch_size: BATCH }, ['LATENT']),
    node(
      'KSampler',
      {
        model: ['MODEL', {}],
        seed: ['INT', { default: 0, min: 0, max: 2 ** 64 }],
        steps: ['INT', { default: 20, min: 1, max: 10000 }],
        cfg: ['FLOAT', { default: 8, min: 0, max: 100 }],
        sampler_name: oneOf(SAMPLERS),
        scheduler: oneOf(SCHEDULERS),
        positive: ['CONDITIONING', {}],
        negative: ['CONDITIONING', {}],
        latent_image: ['LATENT', {}],
        denoise: ['FLOAT', { default: 1, min: 0, max: 1 }],
      },
      ['LATENT'],
    ),
    node('VAEDecode', { samples: ['LATENT', {}], vae: ['VAE', {}] }, ['IMAGE']),
    node('VAEEncode', { pixels: ['IMAGE', {}], vae: ['VAE', {}] }, ['LATENT']),
    node('SetLatentNoiseMask', { samples: ['LATENT', {}], mask: ['MASK', {}] }, ['LATENT']),
    node('LoadImage', { image: upload }, ['IMAGE', 'MASK']),
    node('LoadImageMask', { image: upload, channel: oneOf(['alpha', 'red', 'green', 'blue']) }, ['MASK']),
    node('MaskToImage', { mask: ['MASK', {}] }, ['IMAGE']),
    node('ImageToMask', { image: ['IMAGE', {}], channel: oneOf(['red', 'green', 'blue', 'alpha']) }, ['MASK']),
    node(
      'ImageScale',
      {
        image: ['IMAGE', {}],
        upscale_method: oneOf(METHODS),
        width: ['INT', { default: 512, min: 0, max: 16384 }],
        height: ['INT', { default: 512, min: 0, max: 16384 }],
        crop: oneOf(['disabled', 'center']),
      },
      ['IMAGE'],
    ),
    node('UpscaleModelLoader', { model_name: oneOf(files.upscalers) }, ['UPSCALE_MODEL']),
    node('ImageUpscaleWithModel', { upscale_model: ['UPSCALE_MODEL', {}], image: ['IMAGE', {}] }, ['IMAGE']),
    {
      name: 'ImageCompositeMasked',
      input: {
        required: {
          destination: ['IMAGE', {}],
          source: ['IMAGE', {}],
          x: ['INT', { default: 0, min: 0, max: 16384 }],
          y: ['INT', { default: 0, min: 0, max: 16384 }],
          resize_source: ['BOOLEAN', { default: false }],
        },
        optional: { mask: ['MASK', {}] },
      },
      output: ['IMAGE'],
      output_node: false,
    },
    node(
      'EmptyImage',
      { width: SIDE, height: SIDE, batch_size: BATCH, color: ['INT', { default: 0, min: 0, max: 0xffffff }] },
      ['IMAGE'],
    ),
    node('ImageInvert', { image: ['IMAGE', {}] }, ['IMAGE']),
    outputNode('SaveImage', { images: ['IMAGE', {}], filename_prefix: ['STRING', { default: 'ComfyUI' }] }),
    outputNode('PreviewImage', { images: ['IMAGE', {}] }),
  ];
  return Object.fromEntries(nodes.map((each) => [each.name, each]));
}
