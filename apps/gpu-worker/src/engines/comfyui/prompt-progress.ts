import type { Time } from '../../time.ts';
import type { EnginePreview, EngineProgress, EngineRun } from '../engine.ts';
import type { ComfyEvent } from './comfy-schemas.ts';

export interface PromptProgressOptions {
  readonly image: number;
  readonly images: number;
  readonly nodes: number;
  /** The node whose steps are those of the job; undefined where all nodes count alike. */
  readonly sampler?: { readonly node: string; readonly steps: number } | undefined;
  readonly time: Pick<Time, 'monotonicMs'>;
  readonly loadMs: number;
  readonly silenceMs: number;
  readonly onProgress: EngineRun['onProgress'];
}

const UNITS_PER_NODE = 100;

/** What the events of one prompt say: how far it is, and since when nothing has moved. */
export class PromptProgress {
  readonly #options: PromptProgressOptions;
  readonly #seen = new Set<string>();
  readonly #ended = new AbortController();
  #node: string | undefined;
  #nodeShare = 0;
  #step = 0;
  #hasStepped = false;
  #isConnected = false;
  #isTold = false;
  #changedAtMs: number;

  constructor(options: PromptProgressOptions) {
    this.#options = options;
    this.#changedAtMs = options.time.monotonicMs();
  }

  /** Aborted when the prompt is said to have ended, well or not: a hint to look at the history. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.#touch();
  }

  /** Something moved, in whatever way that was noticed. */
  #touch(): void {
    this.#changedAtMs = this.#options.time.monotonicMs();
  }

  onEvent({ type, data }: ComfyEvent): void {
    if (type === 'execution_cached' && Array.isArray(data['nodes'])) {
      for (const node of data['nodes']) this.#seen.add(String(node));
    }
    if (type === 'executing' && typeof data.node === 'string') {
      this.#isTold = true;
      this.#enter(data.node);
    }
    if (type === 'executing' && data.node === null) this.#ended.abort();
    if (type === 'progress' && typeof data['value'] === 'number' && typeof data['max'] === 'number') {
      this.#isTold = true;
      this.#advance(data.node ?? this.#node ?? '', data['value'], data['max']);
    }
  }

  onPreview(preview: EnginePreview): void {
    if (this.#hasStepped) this.#tell(preview);
  }

  /** The queue says that the prompt runs: all there is to tell while no event comes. */
  onRunning(): void {
    if (!this.#isConnected && !this.#hasStepped) this.#tell();
  }

  /**
   * Whether nothing has moved for too long. Only to be judged by a connection that has told of this prompt: without one the
   * job's own limit decides. A node that has not stepped yet may be loading a model.
   */
  get isStuck(): boolean {
    const { time, loadMs, silenceMs } = this.#options;
    if (!this.#isConnected || !this.#isTold) return false;
    return time.monotonicMs() - this.#changedAtMs > (this.#nodeShare > 0 ? silenceMs : loadMs);
  }

  #enter(node: string): void {
    if (node === this.#node) return;
    if (this.#node !== undefined) this.#seen.add(this.#node);
    this.#node = node;
    this.#nodeShare = 0;
    this.#touch();
    if (this.#options.sampler === undefined) this.#tell();
  }

  #advance(node: string, value: number, max: number): void {
    this.#enter(node);
    const share = max > 0 ? Math.min(value / max, 1) : 0;
    if (share !== this.#nodeShare) this.#touch();
    this.#nodeShare = share;
    const { sampler } = this.#options;
    if (sampler !== undefined && node !== sampler.node) return;
    this.#hasStepped = true;
    if (sampler !== undefined) this.#step = Math.min(Math.round(share * sampler.steps), sampler.steps);
    this.#tell();
  }

  #tell(preview?: EnginePreview): void {
    const { image, images, nodes, sampler, onProgress } = this.#options;
    const steps = sampler?.steps ?? nodes * UNITS_PER_NODE;
    const units = (this.#seen.size + this.#nodeShare) * UNITS_PER_NODE;
    const step = sampler === undefined ? Math.min(Math.round(units), steps) : this.#step;
    const progress: EngineProgress = { phase: 'inferring', image, images, step, steps };
    onProgress(preview === undefined ? progress : { ...progress, preview });
  }
}
