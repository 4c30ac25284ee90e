import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { brokenModel, runtimeError } from './model-error.ts';
import { toFloats, toTensor, type Values } from './tensors.ts';

/** An input or output: its element type and its sizes, where one that is not fixed has a name. */
export interface GraphPort {
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** One network of a model, loaded. */
export interface Graph {
  readonly file: string;
  readonly inputs: ReadonlyMap<string, GraphPort>;
  readonly outputs: ReadonlyMap<string, GraphPort>;
  /**
   * Runs the network. It holds the process until it is done, and cannot be interrupted.
   * @param outputs names of those that are wanted
   * @throws EngineError that names the file
   */
  run(feeds: Readonly<Record<string, Values>>, outputs: readonly string[]): Promise<Float32Array[]>;
  release(): Promise<void>;
}

export interface GraphOptions {
  /** Threads of one run. */
  readonly threads: number;
  /** Execution providers in their order: `cpu`, or `cuda` where it is installed. */
  readonly providers: readonly string[];
  /** Told how long each run took, in milliseconds. */
  readonly onRun: (ms: number) => void;
}

/** Errors alone: the runtime writes its warnings to stderr. */
const LOG_ERRORS = 3;

function portsOf(metadata: readonly InferenceSession.ValueMetadata[]): ReadonlyMap<string, GraphPort> {
  return new Map(
    metadata.map((each) => [
      each.name,
      each.isTensor ? { type: each.type, dims: each.shape } : { type: '?', dims: [] },
    ]),
  );
}

/** @throws EngineError that names the file */
export async function loadGraph(file: string, { threads, providers, onRun }: GraphOptions): Promise<Graph> {
  const session = await InferenceSession.create(file, {
    executionProviders: [...providers],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: LOG_ERRORS,
    // Threads that wait for work by spinning take the processor from the worker's heartbeats.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((error: unknown) => {
    throw runtimeError(file, error);
  });
  const inputs = portsOf(session.inputMetadata);
  const outputs = portsOf(session.outputMetadata);

  function tensorOf([name, values]: [string, Values]): [string, Tensor] {
    const port = inputs.get(name);
    if (port === undefined) throw brokenModel(file, `it has no input ${name}`);
    return [name, toTensor(file, name, port, values)];
  }

  return {
    file,
    inputs,
    outputs,
    async run(feeds, names) {
      const tensors = Object.fromEntries(Object.entries(feeds).map(tensorOf));
      const startMs = performance.now();
      const found = await session.run(tensors, [...names]).catch((error: unknown) => {
        throw runtimeError(file, error);
      });
      onRun(performance.now() - startMs);
      return names.map((name) => {
        const tensor = found[name];
        if (tensor === undefined) throw brokenModel(file, `it has no output ${name}`);
        return toFloats(file, name, tensor);
      });
    },
    release: () => session.release(),
  };
}
