import * as z from 'zod';
import { EngineError, EngineUnusableError } from '../engine-error.ts';
import { refuseUnauthorized } from './webui-client.ts';

/** AUTOMATIC1111 writes `errors`, Forge `message`, both leave the rest to FastAPI, whose `detail` may be a list. */
const failureSchema = z.object({
  error: z.string().catch(''),
  errors: z.string().catch(''),
  message: z.string().catch(''),
  detail: z.union([z.string(), z.array(z.object({ loc: z.array(z.unknown()), msg: z.string() }))]).catch(''),
});
const NO_DETAILS = { error: '', errors: '', message: '', detail: '' };

const OUT_OF_MEMORY = /out ?of ?memory|can't allocate memory/i;
const NO_MODEL = /'NoneType' object has no attribute|CLIP state dict/;
const POISONED = /CUDA error:|cuDNN|cuBLAS|CUBLAS|NVML|no CUDA-capable device|device lost/i;
const NANS = /NansException|tensor with NaNs/;
const BAD_INPUT =
  /Invalid encoded image|Invalid image url|Requests not allowed|UnidentifiedImageError|cannot identify image/;
const CAUSE_CHARACTERS = 300;

interface Failure {
  readonly kind: string;
  readonly text: string;
  /** What FastAPI says of the fields: names of fields and rules, never values. */
  readonly detail: string;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // Not JSON: a proxy's page, or a server that broke off.
    return NO_DETAILS;
  }
}

function readFailure(body: Buffer): Failure {
  const { error, errors, message, detail } = failureSchema.catch(NO_DETAILS).parse(parseJson(body));
  const written =
    typeof detail === 'string' ? detail : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return {
    kind: error,
    text: [error, errors, message, written].filter((part) => part !== '').join(': '),
    detail: written,
  };
}

export interface AnswerContext {
  readonly path: string;
  readonly attempt: number;
  /** Texts of the tenant, which must not get into an error. */
  readonly secrets: readonly string[];
}

/** The server's own words, without the tenant's. */
function causeOf(text: string, secrets: readonly string[]): Error {
  const clean = secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return new Error(clean.slice(0, CAUSE_CHARACTERS));
}

/** Memory may suffice once the model was unloaded: one more attempt, then the job is too large. */
export function outOfMemory({ attempt }: AnswerContext, cause?: unknown): EngineError {
  return new EngineError('out_of_memory', 'the engine has not enough memory for the job', {
    isRetryable: attempt <= 1,
    cause,
  });
}

/** What an answer other than 200 means: an EngineError for the job, or an EngineUnusableError for the server. */
export function readBadAnswer(status: number, body: Buffer, context: AnswerContext): Error {
  refuseUnauthorized(context.path, status);
  const { kind, text, detail } = readFailure(body);
  const cause = causeOf(text, context.secrets);
  if (OUT_OF_MEMORY.test(text)) return outOfMemory(context, cause);
  if (NANS.test(text)) {
    return new EngineError('bad_output', 'the model made no valid numbers', { isRetryable: false, cause });
  }
  if (NO_MODEL.test(text)) return new EngineUnusableError('the server could not load its model', { cause });
  if (POISONED.test(text)) return new EngineUnusableError('the GPU of the server is in an error that stays', { cause });
  if (status === 400 || status === 422 || BAD_INPUT.test(text)) {
    const message = `the server refuses the request: ${causeOf(detail || kind, context.secrets).message}`;
    return new EngineError('input_invalid', message, { isRetryable: false, cause });
  }
  if (status === 429) {
    const message = 'the server limits its requests: its rate limit must be off';
    return new EngineError('engine_error', message, { isRetryable: true, cause });
  }
  const message = `the server answered ${status}${kind === '' ? '' : ` (${kind})`}`;
  return new EngineError('engine_error', message, { isRetryable: status >= 500, cause });
}
