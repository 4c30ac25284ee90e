import type { JobMessage, JobRecord } from '@afterimage/job-schemas';
import type { ClaimedJob, ClaimPorts } from './claim-job.ts';
import { makeClaimJob } from './claim-job.ts';
import type { ConcludePorts } from './conclude.ts';
import { makeConclude } from './conclude.ts';
import { describeFailure } from './describe-failure.ts';
import { EngineUnusableError } from './engines/engine-error.ts';
import type { InputImage } from './engines/engine.ts';
import type { EngineTurn } from './engine-slot.ts';
import { EngineSlot } from './engine-slot.ts';
import { CancelRequestedError, DrainError, LeaseLostError } from './interruptions.ts';
import { METRIC } from './metrics.ts';
import type { OpenAttempt, OpenAttemptPorts, Receipt, Stage } from './open-attempt.ts';
import { openAttempt } from './open-attempt.ts';
import type { ConsumeSignals } from './queue/consume-loop.ts';
import type { Outcome } from './queue/outcome.ts';
import { makeResetEngine } from './reset-engine.ts';
import { NO_TRACING, type ServiceTracing } from '@afterimage/telemetry/service';
import type { AttemptResult, RunAttemptPorts } from './run-attempt.ts';
import { makeRunAttempt } from './run-attempt.ts';
import { traceAttempt } from './trace-attempt.ts';

/** What the worker shows of a job that it has. */
export interface Activity {
  readonly jobId: string;
  readonly attempt: number;
  readonly model: string;
  stage(): Stage;
  leaseAgeMs(): number;
}

export interface ProcessJobPorts extends ClaimPorts, ConcludePorts, OpenAttemptPorts, RunAttemptPorts {
  /** Fetches and checks the images that the job refers to. */
  readonly fetchInputs: (job: JobRecord, signal: AbortSignal) => Promise<ReadonlyMap<string, InputImage>>;
  /** Resolves when a request to the engine has had the time to go out, so that nothing takes the processor before it. */
  readonly handOver: () => Promise<void>;
  /** Told of a job when it is claimed; the function that comes back is called when it is over. */
  readonly onActivity: (activity: Activity) => () => void;
  /** Told when the engine is unusable or cannot be brought back to idle: no further job may be taken. */
  readonly onEngineLost: (error: unknown) => void;
  /** None unless given. */
  readonly tracing?: ServiceTracing;
}

/** One job on the engine and three behind it: to store a short job and write its record takes longer than to make it. */
const MAX_ABOARD = 4;

/**
 * One claim check from claim to commit: claim → inputs → engine → outputs → record → event. The message is left to the
 * caller, who settles it by the outcome, last of all. Jobs may overlap: each waits for the engine with its inputs at hand.
 */
export function makeProcessJob(ports: ProcessJobPorts) {
  const { time, handOver, log, metrics, fetchInputs, tell, tracing = NO_TRACING } = ports;
  const slot = new EngineSlot(MAX_ABOARD);
  const claimJob = makeClaimJob(ports);
  const runAttempt = makeRunAttempt(ports);
  const resetEngine = makeResetEngine(ports);
  const conclude = makeConclude(ports);

  async function commit(
    claimed: ClaimedJob,
    attempt: OpenAttempt,
    { outputs, timings }: AttemptResult,
  ): Promise<Outcome> {
    const { job, claimedAtMs } = claimed;
    const firstStartedAt = job.attempts[0]?.startedAt ?? job.createdAt;
    const queuedMs = Math.max(0, Date.parse(firstStartedAt) - Date.parse(job.createdAt));
    const success = {
      outputs,
      progress: attempt.progress.finish(job.input, outputs.length),
      timings: { ...timings, queuedMs },
    };
    const after = await conclude.succeed(claimed, success, attempt.lease);
    if (after === undefined) return { kind: 'abandon', reason: 'the commit was refused' };
    if (job.attempt === 1) metrics.duration(METRIC.queueTime, queuedMs);
    metrics.duration(METRIC.inferenceTime, timings.inferenceMs ?? 0);
    if (timings.modelLoadMs !== null) metrics.duration(METRIC.modelLoadTime, timings.modelLoadMs);
    metrics.count(METRIC.imagesMade, outputs.length);
    metrics.duration(METRIC.attemptTime, time.monotonicMs() - claimedAtMs);
    return { kind: 'done' };
  }

  function giveUp(claimed: ClaimedJob, attempt: OpenAttempt, cause: unknown): Promise<Outcome> {
    return tracing.span('commit', () => end(claimed, attempt, cause));
  }

  async function end(claimed: ClaimedJob, attempt: OpenAttempt, cause: unknown): Promise<Outcome> {
    if (cause instanceof LeaseLostError) return { kind: 'abandon', reason: cause.message };
    if (cause instanceof CancelRequestedError) {
      const after = await conclude.acknowledgeCancel(claimed, attempt.lease);
      return after === undefined ? { kind: 'abandon', reason: 'the cancellation was forced' } : { kind: 'canceled' };
    }
    const { id: jobId, attempt: number, attempts } = claimed.job;
    const failure = describeFailure(cause, { attempt: number, attempts, phase: attempt.phases.current });
    log.warn('attempt ended', { jobId, attempt: number, reason: failure.reason, error: cause });
    const after = await conclude.end(claimed, failure, attempt.lease);
    if (after === undefined) return { kind: 'abandon', reason: 'the end of the attempt was refused' };
    if (after.status === 'canceled') return { kind: 'canceled' };
    if (after.status === 'failed') return { kind: 'reject', code: failure.error.code };
    if (!(cause instanceof DrainError)) return { kind: 'retry', code: failure.error.code };
    if (cause.because === 'spot_interruption') metrics.count(METRIC.releasedBySpot);
    return { kind: 'release', isClaimed: true };
  }

  /** Leaves the engine as the next job needs it. A job that has left the engine already must not touch it. */
  async function clearEngine({ job }: ClaimedJob, turn: EngineTurn, cause: unknown): Promise<void> {
    if (turn.isOver) return;
    // An unusable engine keeps the turn: whoever waits for it is given back.
    if (cause instanceof EngineUnusableError) return ports.onEngineLost(cause);
    if (await resetEngine(job.id)) turn.release();
  }

  async function run(
    claimed: ClaimedJob,
    attempt: OpenAttempt,
    turn: EngineTurn,
    given: ReadonlyMap<string, InputImage>,
  ): Promise<Outcome> {
    async function onEngineFree(): Promise<void> {
      attempt.leaveEngine();
      turn.release();
      await handOver();
    }
    try {
      const finish = await tracing.span('engine', () => runAttempt(attempt, { inputs: given, onEngineFree }));
      await onEngineFree();
      const result = await tracing.span('upload', finish);
      attempt.stop();
      return await tracing.span('commit', () => commit(claimed, attempt, result));
    } catch (cause) {
      attempt.stop();
      const [outcome] = await Promise.all([giveUp(claimed, attempt, cause), clearEngine(claimed, turn, cause)]);
      return outcome;
    } finally {
      turn.leave();
    }
  }

  async function work(claimed: ClaimedJob, attempt: OpenAttempt, onEngine: () => void): Promise<Outcome> {
    let turn: EngineTurn;
    let inputs: ReadonlyMap<string, InputImage>;
    try {
      inputs = await tracing.span('inputs', () => fetchInputs(claimed.job, attempt.signal));
      turn = await tracing.span('wait for the engine', () => slot.take(attempt.signal));
    } catch (cause) {
      attempt.stop();
      return await giveUp(claimed, attempt, attempt.signal.aborted ? attempt.signal.reason : cause);
    }
    attempt.begin();
    // The engine's request goes out before the next job takes the processor.
    const [outcome] = await Promise.all([run(claimed, attempt, turn, inputs), handOver().then(onEngine)]);
    return outcome;
  }

  async function processClaimed(
    claimed: ClaimedJob,
    receipt: Receipt,
    signals: ConsumeSignals,
    onEngine: () => void,
  ): Promise<Outcome> {
    const { job } = claimed;
    log.info('job claimed', { jobId: job.id, attempt: job.attempt });
    const started = tell(job);
    const attempt = openAttempt(ports, claimed, receipt, signals);
    const onOver = ports.onActivity({
      jobId: job.id,
      attempt: job.attempt,
      model: job.model,
      stage: () => attempt.stage,
      leaseAgeMs: attempt.lease.ageMs,
    });
    try {
      const outcome = await work(claimed, attempt, onEngine);
      // Whoever took the job away has freed its place.
      if (outcome.kind !== 'abandon') ports.runningPlaces.free(claimed.place, attempt.stoppedAt);
      return outcome;
    } finally {
      await Promise.all([attempt.close(), started]);
      onOver();
    }
  }

  /**
   * @param signals what a job is given back on: `stopping` before it has the engine, `drain` from then on
   * @param onEngine called when the job has the engine, so that the next one may be prepared
   */
  return async function processJob(
    claimCheck: JobMessage,
    receipt: Receipt,
    signals: ConsumeSignals,
    onEngine: () => void = () => undefined,
  ): Promise<Outcome> {
    const startedAtMs = time.now().getTime();
    const result = await claimJob(claimCheck, receipt.receiveCount);
    if ('outcome' in result) return result.outcome;
    const { claimed } = result;
    const { traceparent } = receipt;
    return traceAttempt(tracing, { job: claimed.job, traceparent, startedAtMs }, async (span) => {
      await tracing.span('claim', () => Promise.resolve(), startedAtMs);
      const outcome = await processClaimed(claimed, receipt, signals, onEngine);
      span.annotate({ 'job.outcome': outcome.kind });
      return outcome;
    });
  };
}
