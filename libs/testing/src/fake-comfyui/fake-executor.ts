import { setTimeout as pause } from 'node:timers/promises';
import { executionOrder, NodeFailure, pictureOf } from './evaluate-graph.ts';
import type { EventSockets } from './event-sockets.ts';
import type { FaultSwitches } from './faults.ts';
import type { FileRef, OutputFiles } from './output-files.ts';
import type { Graph } from './prompt.ts';

export interface QueuedPrompt {
  readonly number: number;
  readonly id: string;
  readonly clientId: string;
  readonly graph: Graph;
  readonly extraData: object;
  readonly outputs: readonly string[];
}

type NodeOutput = Readonly<Record<'images', readonly FileRef[]>>;
type Message = readonly [event: string, data: object];

export interface HistoryEntry {
  readonly prompt: readonly unknown[];
  readonly outputs: Readonly<Record<string, NodeOutput>>;
  readonly status: { readonly status_str: string; readonly completed: boolean; readonly messages: readonly Message[] };
  readonly meta: object;
}

export interface ExecutorOptions {
  readonly faults: FaultSwitches;
  readonly sockets: EventSockets;
  readonly files: OutputFiles;
  readonly uploads: ReadonlyMap<string, Uint8Array>;
  readonly msPerPrompt: () => number;
  readonly onRestart: () => void;
}

/** Ends the running prompt as an interrupt does. */
class Interrupted extends Error {}

export function asQueueItem({ number, id, graph, extraData, outputs }: QueuedPrompt): readonly unknown[] {
  return [number, id, graph, extraData, outputs];
}

function withUpstream(graph: Graph, id: string): string {
  return JSON.stringify(executionOrder(graph, [id]).map((each) => [each, graph[each]]));
}

/** One prompt at a time, the history of the last ones, and the cache that repeats what an equal workflow gave. */
export class FakeExecutor {
  readonly history = new Map<string, HistoryEntry>();
  pending: QueuedPrompt[] = [];
  running: QueuedPrompt | undefined;
  /** Prompts that were taken from the queue, in their order. */
  readonly started: QueuedPrompt[] = [];
  readonly #options: ExecutorOptions;
  #cache = new Map<string, NodeOutput>();
  #isDead = false;
  #life = new AbortController();
  #interrupt = new AbortController();

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  enqueue(prompt: QueuedPrompt): void {
    this.pending.push(prompt);
    this.#isDead ||= this.#options.faults.strikes('deadExecutor');
    if (!this.#isDead && this.running === undefined) void this.#drain(this.#life.signal);
  }

  /** Without an id whatever runs. */
  interrupt(id?: string): void {
    if (this.running !== undefined && (id === undefined || this.running.id === id)) this.#interrupt.abort();
  }

  /** What the death of the process leaves: nothing. */
  forget(): void {
    this.#life.abort();
    this.#life = new AbortController();
    this.pending = [];
    this.running = undefined;
    this.history.clear();
    this.#cache.clear();
    this.#isDead = false;
  }

  async #drain(life: AbortSignal): Promise<void> {
    for (let next = this.pending.shift(); next !== undefined; next = this.pending.shift()) {
      this.running = next;
      this.started.push(next);
      this.#interrupt = new AbortController();
      const entry = await this.#execute(next, life);
      if (life.aborted) return;
      this.running = undefined;
      this.history.set(next.id, entry);
      this.#options.sockets.send(next.clientId, 'executing', { node: null, prompt_id: next.id });
    }
  }

  async #execute(prompt: QueuedPrompt, life: AbortSignal): Promise<HistoryEntry> {
    const { id, clientId } = prompt;
    const messages: Message[] = [];
    const outputs: Record<string, NodeOutput> = {};
    const say = (event: string, data: object): void => {
      const whole = { ...data, prompt_id: id, timestamp: Date.now() };
      messages.push([event, whole]);
      this.#options.sockets.send(clientId, event, whole);
    };
    const end = (status_str: 'success' | 'error'): HistoryEntry => ({
      prompt: asQueueItem(prompt),
      outputs,
      status: { status_str, completed: status_str === 'success', messages },
      meta: {},
    });
    say('execution_start', {});
    try {
      await this.#runNodes(prompt, outputs, say, life);
      say('execution_success', {});
      return end('success');
    } catch (error) {
      if (error instanceof Interrupted) {
        say('execution_interrupted', { node_id: null, executed: [] });
        return { ...end('error'), outputs: {} };
      }
      if (!(error instanceof NodeFailure)) throw error;
      say('execution_error', {
        node_id: error.node,
        node_type: prompt.graph[error.node]?.class_type,
        executed: [],
        exception_message: error.message,
        exception_type: error.type,
        traceback: ['/opt/ComfyUI/execution.py'],
        current_inputs: { text: ['a secret prompt'] },
        current_outputs: [],
      });
      return end('error');
    }
  }

  async #runNodes(
    prompt: QueuedPrompt,
    outputs: Record<string, NodeOutput>,
    say: (event: string, data: object) => void,
    life: AbortSignal,
  ): Promise<void> {
    const { graph, id, clientId } = prompt;
    const { faults, sockets, files, uploads } = this.#options;
    const cached = prompt.outputs.filter((node) => this.#cache.has(withUpstream(graph, node)));
    const wanted = prompt.outputs.filter((node) => !cached.includes(node));
    const order = executionOrder(graph, wanted);
    say('execution_cached', { nodes: cached });
    for (const node of cached) outputs[node] = this.#cache.get(withUpstream(graph, node)) ?? { images: [] };
    const sampler = order.find((node) => graph[node]?.class_type === 'KSampler') ?? order[0];
    for (const node of order) {
      sockets.send(clientId, 'executing', { node, display_node: node, prompt_id: id });
      if (node === sampler) await this.#sample(prompt, node, life);
      if (this.#interrupt.signal.aborted || life.aborted) throw new Interrupted();
      if (!wanted.includes(node)) continue;
      const picture = pictureOf(graph, node, uploads);
      const prefix = graph[node]?.inputs['filename_prefix'];
      const isBlack = faults.strikes('nan');
      const shown = isBlack ? { ...picture, fill: { color: 0 } } : picture;
      const images =
        typeof prefix === 'string' ? files.save(shown, prefix, 'output') : files.save(shown, 'ComfyUI_temp', 'temp');
      if (!faults.strikes('missingOutputs')) outputs[node] = { images };
      sockets.send(clientId, 'executed', { node, display_node: node, output: { images }, prompt_id: id });
    }
    // Only what the last workflow made is kept.
    this.#cache = new Map(
      prompt.outputs.flatMap((node) => {
        const output = outputs[node];
        return output === undefined ? [] : [[withUpstream(graph, node), output] as const];
      }),
    );
  }

  async #sample({ graph, id, clientId }: QueuedPrompt, node: string, life: AbortSignal): Promise<void> {
    const { faults, sockets, msPerPrompt, onRestart } = this.#options;
    const max = Number(graph[node]?.inputs['steps'] ?? 4);
    const stop = AbortSignal.any([life, this.#interrupt.signal]);
    for (let value = 1; value <= max && !stop.aborted; value += 1) {
      await pause(msPerPrompt() / max, undefined, { signal: stop, ref: false }).catch(() => undefined);
      if (stop.aborted) return;
      sockets.send(clientId, 'progress', { value, max, node, prompt_id: id });
      sockets.sendPreview(clientId, id, node);
      if (faults.strikes('hang')) await new Promise((resolve) => life.addEventListener('abort', resolve));
      if (faults.strikes('restartMidJob')) onRestart();
      if (faults.strikes('interruptedElsewhere')) this.interrupt();
      if (faults.strikes('oom')) throw new NodeFailure(node, 'torch.OutOfMemoryError', 'CUDA out of memory.');
      if (faults.strikes('cudaError')) {
        throw new NodeFailure(node, 'torch.AcceleratorError', 'CUDA error: an illegal memory access was encountered');
      }
      if (faults.strikes('executionError')) {
        throw new NodeFailure(node, 'ValueError', 'a secret prompt in /opt/ComfyUI/models');
      }
    }
  }
}
