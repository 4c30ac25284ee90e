/** What can go wrong. `true` goes wrong each time, a number that many times. */
export interface ComfyUiFaults {
  /** The GPU has no memory left: `torch.OutOfMemoryError`. */
  oom: boolean | number;
  /** A sticky CUDA error, as of an illegal memory access. */
  cudaError: boolean | number;
  /** A node raises an error of its own. */
  executionError: boolean | number;
  /** Black pictures, and `success`. */
  nan: boolean | number;
  /** Starts to sample and never goes on, deaf to interrupts. */
  hang: boolean | number;
  /** Prompts are accepted and nobody takes them from the queue. */
  deadExecutor: boolean | number;
  /** Sockets are closed at the first sampling step. */
  droppedWebSocket: boolean | number;
  /** Sockets open and never tell anything. */
  silentWebSocket: boolean | number;
  /** Files are gone when they are asked for. */
  deletedOutputs: boolean | number;
  /** `/view` answers 200 without a byte. */
  emptyView: boolean | number;
  /** `/view` answers 500. */
  brokenView: boolean | number;
  /** A prompt is queued although a node of it was refused. */
  partialAcceptance: boolean | number;
  /** The process dies at the first sampling step and comes back, having forgotten everything. */
  restartMidJob: boolean | number;
  /** Somebody else interrupts the prompt. */
  interruptedElsewhere: boolean | number;
  /** The prompt is queued, and the connection breaks before the answer. */
  lostAnswer: boolean | number;
  /** The connection breaks before the prompt is queued. */
  lostPrompt: boolean | number;
  /** A run that succeeds has nothing to show of its output nodes. */
  missingOutputs: boolean | number;
}

export type ComfyUiFault = keyof ComfyUiFaults;

const NONE: ComfyUiFaults = {
  oom: false,
  cudaError: false,
  executionError: false,
  nan: false,
  hang: false,
  deadExecutor: false,
  droppedWebSocket: false,
  silentWebSocket: false,
  deletedOutputs: false,
  emptyView: false,
  brokenView: false,
  partialAcceptance: false,
  restartMidJob: false,
  interruptedElsewhere: false,
  lostAnswer: false,
  lostPrompt: false,
  missingOutputs: false,
};

/** The faults of one server; tests switch them as they go. */
export class FaultSwitches {
  readonly faults: ComfyUiFaults;

  constructor(initial: Partial<ComfyUiFaults>) {
    this.faults = { ...NONE, ...initial };
  }

  /** Whether it goes wrong now; a number counts down. */
  strikes(fault: ComfyUiFault): boolean {
    const value = this.faults[fault];
    if (typeof value === 'boolean') return value;
    if (value > 0) this.faults[fault] = value - 1;
    return value > 0;
  }
}
