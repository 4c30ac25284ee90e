import type { AppOverrides } from './app-environments.ts';
import type { AwsEndpoints } from './aws.ts';
import type { Resources } from './provision/provision.ts';
import type { FunctionName } from './apps.ts';
import type { TraceReceiver } from './traces/trace-receiver.ts';

export interface LocalStackOptions {
  /** `disk` survives a restart; `memory` is for tests and benchmarks. Default `disk`. */
  readonly persistence?: 'disk' | 'memory';
  /**
   * Folder of state, logs, keys and outputs. Default: `.afterimage` of the workspace, or with `memory` a temporary folder
   * that `stop` removes.
   */
  readonly directory?: string;
  /** Forget the state of earlier starts. The API key stays. */
  readonly isFresh?: boolean;
  /** Port of the API; 0 takes a free one. Default 4000, or with `memory` 0. */
  readonly port?: number;
  /** Port of the operators' console; 0 takes a free one. There is no console when it is left out. */
  readonly consolePort?: number;
  /** Number of workers. Default 1. */
  readonly workers?: number;
  /** Variables of one worker, put over those of all: an engine works for one alone. @param number from 1 */
  readonly workerEnv?: (number: number) => Readonly<Record<string, string>>;
  /** Time that one step of the sketch engine takes at least. */
  readonly sketchMsPerStep?: number;
  /** From the end of one run of the reconciler to the start of the next. Default 5000. */
  readonly reconcileIntervalMs?: number;
  /** Start with the reconciler's schedule paused. */
  readonly isReconcilerPaused?: boolean;
  /** How long the answer of the authorizer holds for a key. Default 5000; API Gateway's default is 300,000. */
  readonly authorizerCacheMs?: number;
  /** How long the gateway waits for a function. Default 29,000, API Gateway's limit. */
  readonly integrationTimeoutMs?: number;
  /** Variables put over the stack's own, app by app: `{ 'gpu-worker': { LEASE_SECONDS: '4' } }`. */
  readonly env?: AppOverrides;
  /** Keep the traces of requests and jobs. Default: with `disk`. */
  readonly traces?: boolean;
  /**
   * Is told where the embedded AWS is before the apps start, and yields variables that are put over all others: for a test
   * that stands between an app and a service.
   */
  readonly interpose?: (endpoints: AwsEndpoints) => Promise<AppOverrides>;
  /** Default: `pools.json` of this project. */
  readonly poolsFile?: string;
  /** Folder of the built apps. Default: `dist/apps` of the workspace. */
  readonly appsDirectory?: string;
  /** Told, in one line, of everything that went wrong and was dealt with. */
  readonly report?: (message: string) => void;
}

/** One worker's process. */
export interface WorkerHandle {
  readonly id: string;
  /** Of the process that runs now. */
  readonly pid: number | undefined;
  /** Sends a signal to the process. However it ends, it is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process runs and takes jobs. */
  whenReady(): Promise<void>;
  /** Ends the process gracefully and for good. */
  stop(): Promise<void>;
}

export interface LocalStack {
  readonly apiUrl: string;
  /** Where operators look; null when the console was left out. */
  readonly consoleUrl: string | null;
  /** A key of the tenant with every scope. */
  readonly apiKey: string;
  readonly tenantId: string;
  readonly awsEndpoints: AwsEndpoints;
  readonly resources: Resources;
  readonly workers: readonly WorkerHandle[];
  /** The processes that belong to the stack at the moment, beside this one. */
  readonly pids: readonly number[];
  /** Folder of state, logs, keys and outputs. */
  readonly directory: string;
  readonly logs: string;
  readonly outputs: string;
  /** The latest traces; null when none are kept. */
  readonly traces: Pick<TraceReceiver, 'url' | 'trace' | 'traceIds'> | null;
  /** The schedule of the reconciler. */
  readonly reconciler: { pause(): void; resume(): void };
  /** Runs the reconciler now, also when it is paused; after the run under way, if any. */
  invokeReconciler(): Promise<unknown>;
  /** Invokes a function directly. @throws FunctionError */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** Resolves when a part has ended that cannot be replaced; the stack should be stopped then. */
  readonly failed: Promise<Error>;
  /** Ends everything, in order. Can be called again. */
  stop(): Promise<void>;
}
