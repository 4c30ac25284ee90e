import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { FakeExecutor, QueuedPrompt } from './fake-executor.ts';
import { asQueueItem } from './fake-executor.ts';
import type { FaultSwitches } from './faults.ts';
import { readMultipart } from './multipart.ts';
import { nodeCatalogue } from './node-catalogue.ts';
import type { OutputFiles } from './output-files.ts';
import { validatePrompt } from './validate-prompt.ts';

export interface FakeRequest {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly url: URL;
  readonly body: Buffer;
}

type Answer = { readonly status: number; readonly body: object | string | Uint8Array } | 'drop';

export interface RoutesOptions {
  readonly isNew: boolean;
  readonly faults: FaultSwitches;
  readonly executor: FakeExecutor;
  readonly files: OutputFiles;
  readonly uploads: Map<string, Uint8Array>;
  readonly submitted: Record<string, unknown>[];
  readonly state: { readonly checkpoints: readonly string[]; readonly upscalers: readonly string[] };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const promptBodySchema = z.looseObject({
  prompt: z.unknown().optional(),
  client_id: z.string().optional(),
  prompt_id: z.string().optional(),
  extra_data: z.looseObject({}).optional(),
});
const idsSchema = z.object({ delete: z.array(z.string()).optional(), clear: z.boolean().optional() });
const interruptSchema = z.object({ prompt_id: z.string().optional() });
const DEVICE = {
  name: 'cuda:0 NVIDIA L4 : cudaMallocAsync',
  type: 'cuda',
  index: 0,
  vram_total: 23_580_639_232,
  vram_free: 23_345_758_208,
  torch_vram_total: 0,
  torch_vram_free: 0,
};

const done: Answer = { status: 200, body: '' };
const ok = (body: object | Uint8Array): Answer => ({ status: 200, body });

/** Every route of the server that a worker uses. */
export function makeRoutes(options: RoutesOptions) {
  const { isNew, faults, executor, files, uploads, submitted, state } = options;
  let number = 0;

  const catalogue = () => nodeCatalogue(isNew, { ...state, inputs: [...uploads.keys()] });
  const json = (body: Buffer): unknown => (body.length === 0 ? {} : JSON.parse(body.toString('utf8')));

  function enqueue({ graph, outputs }: Pick<QueuedPrompt, 'graph' | 'outputs'>): string {
    const id = randomUUID();
    number += 1;
    executor.enqueue({ number, id, clientId: 'another', graph, extraData: {}, outputs });
    return id;
  }

  function systemStats(): Answer {
    const comfyui_version = isNew ? '0.38.1' : '0.3.10';
    const system = { os: 'posix', ram_total: 1, ram_free: 1, comfyui_version, pytorch_version: '2.8.0', argv: [] };
    return ok({ system, devices: [DEVICE] });
  }

  function objectInfo(path: string): Answer {
    const name = path.split('/')[2];
    const nodes = catalogue();
    if (name === undefined) return ok(nodes);
    const node = nodes[name];
    return ok(node === undefined ? {} : { [name]: node });
  }

  function submit(body: Buffer): Answer {
    if (faults.strikes('lostPrompt')) return 'drop';
    const parsed = promptBodySchema.safeParse(json(body));
    if (!parsed.success) return { status: 500, body: 'Internal Server Error' };
    submitted.push(parsed.data);
    const { prompt, prompt_id: asked, client_id: clientId = '', extra_data: extraData = {} } = parsed.data;
    if (isNew && asked !== undefined && !UUID.test(asked)) {
      const error = { type: 'invalid_prompt_id', message: 'prompt_id must be a UUID', details: '', extra_info: {} };
      return { status: 400, body: { error, node_errors: {} } };
    }
    const verdict = validatePrompt(prompt, catalogue(), isNew);
    if (!verdict.isValid) return { status: 400, body: verdict.answer };
    const id = isNew ? (asked ?? randomUUID()) : randomUUID();
    number += 1;
    const { graph, outputs } = verdict;
    const refused = faults.strikes('partialAcceptance') ? outputs.at(-1) : undefined;
    const extra = { ...extraData, client_id: clientId };
    executor.enqueue({ number, id, clientId, graph, extraData: extra, outputs: outputs.filter((o) => o !== refused) });
    if (faults.strikes('lostAnswer')) return 'drop';
    const errors = [{ type: 'value_not_in_list', message: 'Value not in list', details: 'x', extra_info: {} }];
    const node_errors = refused === undefined ? {} : { [refused]: { errors, dependent_outputs: [refused] } };
    return ok({ prompt_id: id, number, node_errors });
  }

  function upload({ request, body }: FakeRequest): Answer {
    const parts = readMultipart(body, request.headers['content-type'] ?? '');
    const text = (name: string) => parts.find((part) => part.name === name)?.data.toString('utf8') ?? '';
    const image = parts.find((part) => part.name === 'image');
    if (image?.fileName === undefined) return { status: 400, body: '' };
    const subfolder = text('subfolder');
    const key = subfolder === '' ? image.fileName : `${subfolder}/${image.fileName}`;
    const isTaken = uploads.has(key) && text('overwrite') !== 'true';
    const name = isTaken ? image.fileName.replace(/(\.[^.]*)$/, ' (1)$1') : image.fileName;
    uploads.set(subfolder === '' ? name : `${subfolder}/${name}`, image.data);
    return ok({ name, subfolder, type: 'input' });
  }

  function view(query: URLSearchParams): Answer {
    const filename = query.get('filename') ?? '';
    const type = z.enum(['output', 'temp', 'input']).safeParse(query.get('type') ?? 'output');
    if (!type.success || filename.includes('..')) return { status: 400, body: '' };
    if (faults.strikes('brokenView')) return { status: 500, body: 'Internal Server Error' };
    const file = files.get({ filename, subfolder: query.get('subfolder') ?? '', type: type.data });
    if (file === undefined || faults.strikes('deletedOutputs')) return { status: 404, body: '' };
    return ok(faults.strikes('emptyView') ? new Uint8Array() : file);
  }

  function change(body: Buffer, remove: (id: string) => void, clear: () => void): Answer {
    const { delete: ids = [], clear: isAll = false } = idsSchema.parse(json(body));
    if (isAll) clear();
    for (const id of ids) remove(id);
    return done;
  }

  function history(path: string): Answer {
    const id = path.split('/')[2];
    const entries = id === undefined ? executor.history : [[id, executor.history.get(id)] as const];
    return ok(Object.fromEntries([...entries].filter(([, entry]) => entry !== undefined)));
  }

  function queue(): Answer {
    const running = executor.running === undefined ? [] : [asQueueItem(executor.running)];
    return ok({ queue_running: running, queue_pending: executor.pending.map(asQueueItem) });
  }

  function route(call: FakeRequest): Answer {
    const { request, path, url, body } = call;
    const isPost = request.method === 'POST';
    switch (`${request.method} /${path.split('/')[1]}`) {
      case 'GET /system_stats':
        return systemStats();
      case 'GET /object_info':
        return objectInfo(path);
      case 'POST /prompt':
        return submit(body);
      case 'GET /prompt':
        return ok({
          exec_info: { queue_remaining: executor.pending.length + (executor.running === undefined ? 0 : 1) },
        });
      case 'GET /queue':
        return queue();
      case 'POST /queue':
        return change(
          body,
          (id) => (executor.pending = executor.pending.filter((each) => each.id !== id)),
          () => (executor.pending = []),
        );
      case 'GET /history':
        return history(path);
      case 'POST /history':
        return change(
          body,
          (id) => executor.history.delete(id),
          () => executor.history.clear(),
        );
      case 'POST /interrupt':
        executor.interrupt(isNew ? interruptSchema.parse(json(body)).prompt_id : undefined);
        return done;
      case 'POST /free':
        return done;
      case 'GET /view':
        return view(url.searchParams);
      default:
        return isPost && path === '/upload/image' ? upload(call) : { status: 404, body: 'Not Found' };
    }
  }

  return { route, enqueue };
}
