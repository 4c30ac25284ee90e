import * as z from 'zod';

/** The engines that a worker can have. */
export const engineSchema = z.enum(['sketch', 'sdwebui', 'comfyui', 'onnx']);
