import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { InputImage } from '../engine.ts';
import type { ComfyHttp, HttpAnswer } from './comfy-http.ts';
import { NoAnswerError, UnexpectedAnswerError } from './comfy-http.ts';
import type { FileRef, HistoryEntry, ObjectInfo, Queue, Refusal } from './comfy-schemas.ts';
import {
  acceptedSchema,
  historySchema,
  objectInfoSchema,
  queueSchema,
  refusedSchema,
  systemStatsSchema,
  uploadedSchema,
} from './comfy-schemas.ts';
import type { Workflow } from './workflow.ts';

const CONTROL = { timeoutMs: 5000, tries: 3 };
/** The list of nodes looks into every folder of models. */
const LIST = { timeoutMs: 30_000, tries: 3 };
const SUBMIT_MS = 30_000;
const FILE = { timeoutMs: 60_000, tries: 3 };
const EXTENSION = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' } as const;
const UPLOAD_FOLDER = 'afterimage';
/** Entry of `extra_data` by which a prompt is found again that got another id than the one asked for. */
const MARKER = 'afterimage_submission';

export interface Submission {
  readonly prompt: Workflow;
  readonly clientId: string;
  /** A lower-case UUID: newer servers take nothing else as the prompt's id, older ones give it one of their own. */
  readonly submissionId: string;
}

export type Submitted =
  | { readonly kind: 'accepted'; readonly id: string; readonly problems: Refusal['node_errors'] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Whether a prompt in the queue or the history is the one of this submission. */
export function isOf(item: { readonly id: string; readonly extraData: unknown }, submissionId: string): boolean {
  const { id, extraData } = item;
  if (id === submissionId) return true;
  return typeof extraData === 'object' && extraData !== null && Reflect.get(extraData, MARKER) === submissionId;
}

/** The routes of a ComfyUI server that a worker needs. Each throws as `ComfyHttp.call` does. */
export class ComfyClient {
  readonly #http: ComfyHttp;

  constructor(http: ComfyHttp) {
    this.#http = http;
  }

  async version(signal: AbortSignal): Promise<string> {
    const stats = await this.#get('/system_stats', systemStatsSchema, signal, { ...CONTROL, tries: 1 });
    return stats.system.comfyui_version;
  }

  async objectInfo(signal: AbortSignal): Promise<ObjectInfo> {
    return this.#get('/object_info', objectInfoSchema, signal, LIST);
  }

  async queue(signal: AbortSignal): Promise<Queue> {
    return this.#get('/queue', queueSchema, signal);
  }

  /** Undefined while the prompt waits or runs, and when the server does not know it. */
  async history(id: string, signal: AbortSignal): Promise<HistoryEntry | undefined> {
    return (await this.#get(`/history/${encodeURIComponent(id)}`, historySchema, signal))[id];
  }

  /** The id that a finished submission had, among the last few. */
  async findFinished(submissionId: string, signal: AbortSignal): Promise<string | undefined> {
    const entries = await this.#get('/history?max_items=8', historySchema, signal);
    return Object.keys(entries).find((id) => {
      const entry = entries[id];
      return entry !== undefined && isOf({ ...entry.prompt, id }, submissionId);
    });
  }

  /** Sent once: a prompt that is sent twice runs twice. Only a refused connection is tried again. */
  async submit({ prompt, clientId, submissionId }: Submission, signal: AbortSignal): Promise<Submitted> {
    const json = {
      prompt,
      client_id: clientId,
      prompt_id: submissionId,
      extra_data: { [MARKER]: submissionId },
    };
    const send = () =>
      this.#http.call({ method: 'POST', path: '/prompt', json, timeoutMs: SUBMIT_MS, tries: 1, signal });
    let answer: HttpAnswer;
    try {
      answer = await send();
    } catch (error) {
      if (!(error instanceof NoAnswerError) || error.kind !== 'refused') throw error;
      answer = await send();
    }
    if (answer.status === 400) return { kind: 'refused', refusal: read('POST /prompt', answer, refusedSchema) };
    const { prompt_id: id, node_errors: problems } = read('POST /prompt', answer, acceptedSchema);
    return { kind: 'accepted', id, problems };
  }

  /** Takes prompts that have not started out of the queue; others stay. */
  async deletePending(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#post('/queue', { delete: ids }, signal);
  }

  async clearQueue(signal: AbortSignal): Promise<void> {
    await this.#post('/queue', { clear: true }, signal);
  }

  /** Older servers do not look at the id: to be called for a prompt that runs, not for one that may. */
  async interrupt(id: string, signal: AbortSignal): Promise<void> {
    await this.#post('/interrupt', { prompt_id: id }, signal);
  }

  async deleteHistory(ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#post('/history', { delete: ids }, signal);
  }

  /** Has the models unloaded before the next job. */
  async free(signal: AbortSignal): Promise<void> {
    await this.#post('/free', { unload_models: true, free_memory: true }, signal);
  }

  /** The bytes of a file; undefined when there are none of them, or no file. */
  async view({ filename, subfolder, type }: FileRef, signal: AbortSignal): Promise<Buffer | undefined> {
    const path = `/view?${new URLSearchParams({ filename, subfolder, type })}`;
    const isFile = ({ status, body }: HttpAnswer) => status === 200 && body.length > 0;
    const answer = await this.#http.call({ method: 'GET', path, ...FILE, isFinal: isFile, signal });
    return isFile(answer) ? answer.body : undefined;
  }

  /** Uploads an image under the hash of its content, and yields the name by which nodes load it. */
  async upload({ data, contentType }: InputImage, signal: AbortSignal): Promise<string> {
    const name = `${createHash('sha256').update(data).digest('hex')}.${EXTENSION[contentType]}`;
    const form = new FormData();
    form.set('image', new Blob([Uint8Array.from(data)], { type: contentType }), name);
    form.set('type', 'input');
    form.set('subfolder', UPLOAD_FOLDER);
    form.set('overwrite', 'true');
    const answer = await this.#http.call({ method: 'POST', path: '/upload/image', form, ...FILE, signal });
    const { name: stored, subfolder } = read('POST /upload/image', answer, uploadedSchema);
    return subfolder === '' ? stored : `${subfolder}/${stored}`;
  }

  async #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal, limits = CONTROL): Promise<T> {
    const answer = await this.#http.call({ method: 'GET', path, ...limits, signal });
    return read(`GET ${path}`, answer, schema);
  }

  async #post(path: string, json: object, signal: AbortSignal): Promise<void> {
    const { status } = await this.#http.call({ method: 'POST', path, json, ...CONTROL, signal });
    if (status !== 200) throw new UnexpectedAnswerError(`POST ${path}`, status);
  }
}

function read<T>(call: string, { status, body }: HttpAnswer, schema: z.ZodType<T>): T {
  if (status !== 200 && status !== 400) throw new UnexpectedAnswerError(call, status);
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    throw new UnexpectedAnswerError(call, status, cause);
  }
}
