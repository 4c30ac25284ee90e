import { traceIdOf } from '@afterimage/job-core';
import type { JobMessage } from '@afterimage/job-schemas';
import { continuedTraceparent, inJobScope, type JobFields, type Log, type MetricSink } from '@afterimage/telemetry';
import { backOffMs } from '../back-off.ts';
import { METRIC, OUTCOME_METRIC } from '../metrics.ts';
import type { Receipt } from '../open-attempt.ts';
import type { Time } from '../time.ts';
import type { WorkerStatus } from '../worker-status.ts';
import type { Delivery, MessageSource } from './message-source.ts';
import type { Outcome, QueueAction } from './outcome.ts';
import { deferSeconds, queueActionOf } from './outcome.ts';
import { readMessage } from './read-message.ts';

export interface ConsumeSignals {
  /** No further message is taken, and a job that has not begun is given back. */
  readonly stopping: AbortSignal;
  /** A job that runs is given back. */
  readonly drain: AbortSignal;
}

export interface ConsumeLoopPorts {
  readonly pool: string;
  readonly source: Pick<MessageSource, 'next'>;
  /** Calls `onEngine` when the next message may be taken although this one's job is not over. */
  readonly processJob: (
    claimCheck: JobMessage,
    receipt: Receipt,
    signals: ConsumeSignals,
    onEngine: () => void,
  ) => Promise<Outcome>;
  readonly status: Pick<WorkerStatus, 'enter' | 'polled'>;
  readonly time: Time;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: MetricSink;
}

/** A round that found nothing takes at least this long, however briefly the queues wait. */
const EMPTY_ROUND_MS = 100;
const ERROR_BACK_OFF = { firstMs: 500, capMs: 30_000 };

function aboutMessage({ jobId, attempt, tenantId }: JobMessage, traceparent: string | null): JobFields {
  return { jobId, attempt, tenantId, traceId: traceIdOf(traceparent) };
}

type Turn = 'worked' | 'empty' | 'failed';

/**
 * Takes one message after the other: fetch, hand over, settle. The next one is taken as soon as the job of the last one has
 * the engine, so that at most one job waits for it. Errors in a row, of the queue as well as of the store that jobs are
 * claimed in, slow it down, so that an outage neither becomes a hot loop nor drives messages to the dead letters.
 */
export function makeConsumeLoop(ports: ConsumeLoopPorts) {
  const { pool, source, processJob, status, time, random, log, metrics } = ports;

  /** The new message first: a crash in between leaves two, of which one claims the job. */
  async function replace(
    { message, queue }: Pick<Delivery, 'message' | 'queue'>,
    { claimCheck, delaySeconds }: Extract<QueueAction, { kind: 'replace' }>,
  ): Promise<void> {
    const { traceparent, receiptHandle } = message;
    const copy = { body: JSON.stringify(claimCheck), traceparent, groupId: claimCheck.tenantId };
    await queue.sendLater(copy, delaySeconds);
    await queue.delete(receiptHandle);
  }

  /** When it fails, the message shows again, and leads to a job that has moved on. */
  async function settle({ message, queue }: Delivery, outcome: Outcome): Promise<void> {
    const action = queueActionOf(outcome);
    try {
      if (action.kind === 'delete') await queue.delete(message.receiptHandle);
      if (action.kind === 'visibility') await queue.changeVisibility(message.receiptHandle, action.seconds);
      if (action.kind === 'replace') await replace({ message, queue }, action);
    } catch (error) {
      metrics.count(METRIC.settleErrors);
      log.warn('message not settled', { messageId: message.messageId, action: action.kind, error });
    }
  }

  async function outcomeOf(
    { message, queue }: Delivery,
    reading: ReturnType<typeof readMessage>,
    signals: ConsumeSignals,
    onEngine: () => void,
  ): Promise<Outcome> {
    const { messageId, receiptHandle, receiveCount } = message;
    const traceparent = continuedTraceparent(message.traceparent, message.awsTraceHeader);
    if ('poison' in reading) return { kind: 'poison', reason: reading.poison };
    if (signals.stopping.aborted) return { kind: 'release', isClaimed: false };
    const { claimCheck } = reading;
    try {
      return await processJob(claimCheck, { queue, receiptHandle, receiveCount, traceparent }, signals, onEngine);
    } catch (error) {
      log.error('message failed', { messageId, jobId: claimCheck.jobId, error });
      return { kind: 'defer', afterSeconds: deferSeconds(receiveCount) };
    }
  }

  async function conclude(delivery: Delivery, reading: ReturnType<typeof readMessage>, outcome: Outcome) {
    const { messageId, receiveCount } = delivery.message;
    const job = 'claimCheck' in reading ? { jobId: reading.claimCheck.jobId, attempt: reading.claimCheck.attempt } : {};
    await settle(delivery, outcome);
    metrics.count(OUTCOME_METRIC[outcome.kind], 1, 'code' in outcome ? { reason: outcome.code } : {});
    metrics.flush();
    const { kind, ...details } = outcome.kind === 'postpone' ? { kind: outcome.kind } : outcome;
    log[kind === 'poison' ? 'error' : 'info']('message handled', {
      outcome: kind,
      ...details,
      ...job,
      messageId,
      receiveCount,
    });
  }

  async function handleRead(
    delivery: Delivery,
    reading: ReturnType<typeof readMessage>,
    signals: ConsumeSignals,
    handlings: Set<Promise<void>>,
  ): Promise<Turn> {
    const hasEngine = Promise.withResolvers<Turn>();
    const outcome = outcomeOf(delivery, reading, signals, () => hasEngine.resolve('worked'));
    const handling = outcome
      .then((ended) => conclude(delivery, reading, ended))
      .finally(() => {
        handlings.delete(handling);
        if (handlings.size === 0 && !signals.stopping.aborted) status.enter('polling');
      });
    handlings.add(handling);
    const ended = outcome.then(({ kind }): Turn => (kind === 'defer' ? 'failed' : 'worked'));
    return await Promise.race([hasEngine.promise, ended]);
  }

  /** Resolves when the next message may be taken, and adds to `handlings` what goes on after that. */
  function handle(delivery: Delivery, signals: ConsumeSignals, handlings: Set<Promise<void>>): Promise<Turn> {
    const reading = readMessage(delivery.message.body, pool);
    const job = 'claimCheck' in reading ? aboutMessage(reading.claimCheck, delivery.message.traceparent) : undefined;
    return inJobScope(() => handleRead(delivery, reading, signals, handlings), job);
  }

  async function takeTurn(signals: ConsumeSignals, handlings: Set<Promise<void>>): Promise<Turn> {
    let delivery: Delivery | undefined;
    if (handlings.size === 0) status.enter('polling');
    status.polled();
    try {
      delivery = await source.next();
    } catch (error) {
      metrics.count(METRIC.receiveErrors);
      // No job may come for long.
      metrics.flush();
      log.warn('no message received', { error });
      return 'failed';
    }
    if (delivery === undefined) return 'empty';
    if (!signals.stopping.aborted) status.enter('working');
    return await handle(delivery, signals, handlings);
  }

  /** Resolves when `stopping` is aborted and the last message is settled. The owner of the source closes it then. */
  return async function consume(signals: ConsumeSignals): Promise<void> {
    const { stopping } = signals;
    const handlings = new Set<Promise<void>>();
    let errorsInARow = 0;
    while (!stopping.aborted) {
      const startedAtMs = time.monotonicMs();
      const turn = await takeTurn(signals, handlings);
      errorsInARow = turn === 'failed' ? errorsInARow + 1 : 0;
      if (turn === 'failed') await time.wait(backOffMs(errorsInARow, ERROR_BACK_OFF, random()), stopping);
      if (turn === 'empty') await time.wait(EMPTY_ROUND_MS - (time.monotonicMs() - startedAtMs), stopping);
    }
    await Promise.all(handlings);
  };
}
