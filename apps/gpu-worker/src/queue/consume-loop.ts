import type { JobMessage } from '@afterimage/job-schemas';
import type { Log, MetricSink } from '@afterimage/telemetry';
import { backOffMs } from '../back-off.ts';
import { METRIC, OUTCOME_METRIC } from '../metrics.ts';
import type { Receipt } from '../open-attempt.ts';
import type { Time } from '../time.ts';
import type { WorkerStatus } from '../worker-status.ts';
import type { Delivery, MessageSource } from './message-source.ts';
import type { Outcome } from './outcome.ts';
import { deferSeconds, queueActionOf } from './outcome.ts';
import { readMessage } from './read-message.ts';

export interface ConsumeLoopPorts {
  readonly pool: string;
  readonly source: Pick<MessageSource, 'next'>;
  readonly processJob: (claimCheck: JobMessage, receipt: Receipt, drain: AbortSignal) => Promise<Outcome>;
  readonly status: Pick<WorkerStatus, 'enter' | 'polled'>;
  readonly time: Time;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: MetricSink;
}

export interface ConsumeSignals {
  /** No further message is taken. */
  readonly stopping: AbortSignal;
  /** A job that runs is given back. */
  readonly drain: AbortSignal;
}

/** A round that found nothing takes at least this long, however briefly the queues wait. */
const EMPTY_ROUND_MS = 100;
const ERROR_BACK_OFF = { firstMs: 500, capMs: 30_000 };

type Turn = 'worked' | 'empty' | 'failed';

/**
 * Takes one message after the other: fetch, hand over, settle. Errors in a row, of the queue as well as of the store that
 * jobs are claimed in, slow it down, so that an outage neither becomes a hot loop nor drives messages to the dead letters.
 */
export function makeConsumeLoop(ports: ConsumeLoopPorts) {
  const { pool, source, processJob, status, time, random, log, metrics } = ports;

  async function outcomeOf(claimCheck: JobMessage, { message, queue }: Delivery, drain: AbortSignal): Promise<Outcome> {
    const { messageId, receiptHandle, receiveCount } = message;
    try {
      return await processJob(claimCheck, { queue, receiptHandle, receiveCount }, drain);
    } catch (error) {
      log.error('message failed', { messageId, jobId: claimCheck.jobId, error });
      return { kind: 'defer', afterSeconds: deferSeconds(receiveCount) };
    }
  }

  /** When it fails, the message shows again, and leads to a job that has moved on. */
  async function settle({ message, queue }: Delivery, outcome: Outcome): Promise<void> {
    const action = queueActionOf(outcome);
    try {
      if (action.kind === 'delete') await queue.delete(message.receiptHandle);
      if (action.kind === 'visibility') await queue.changeVisibility(message.receiptHandle, action.seconds);
    } catch (error) {
      metrics.count(METRIC.settleErrors);
      log.warn('message not settled', { messageId: message.messageId, action: action.kind, error });
    }
  }

  async function handle(delivery: Delivery, { stopping, drain }: ConsumeSignals): Promise<Outcome> {
    const { messageId, receiveCount, body } = delivery.message;
    const reading = readMessage(body, pool);
    const job = 'claimCheck' in reading ? { jobId: reading.claimCheck.jobId, attempt: reading.claimCheck.attempt } : {};
    let outcome: Outcome;
    if ('poison' in reading) outcome = { kind: 'poison', reason: reading.poison };
    else if (stopping.aborted) outcome = { kind: 'release', isClaimed: false };
    else outcome = await outcomeOf(reading.claimCheck, delivery, drain);
    await settle(delivery, outcome);
    metrics.count(OUTCOME_METRIC[outcome.kind]);
    metrics.flush();
    const { kind, ...details } = outcome;
    log[kind === 'poison' ? 'error' : 'info']('message handled', {
      outcome: kind,
      ...details,
      ...job,
      messageId,
      receiveCount,
    });
    return outcome;
  }

  async function takeTurn(signals: ConsumeSignals): Promise<Turn> {
    let delivery: Delivery | undefined;
    status.enter('polling');
    status.polled();
    try {
      delivery = await source.next();
    } catch (error) {
      metrics.count(METRIC.receiveErrors);
      log.warn('no message received', { error });
      return 'failed';
    }
    if (delivery === undefined) return 'empty';
    if (!signals.stopping.aborted) status.enter('working');
    const outcome = await handle(delivery, signals);
    return outcome.kind === 'defer' ? 'failed' : 'worked';
  }

  /** Resolves when `stopping` is aborted and the last message is settled. The owner of the source closes it then. */
  return async function consume(signals: ConsumeSignals): Promise<void> {
    const { stopping } = signals;
    let errorsInARow = 0;
    while (!stopping.aborted) {
      const startedAtMs = time.monotonicMs();
      const turn = await takeTurn(signals);
      errorsInARow = turn === 'failed' ? errorsInARow + 1 : 0;
      if (turn === 'failed') await time.wait(backOffMs(errorsInARow, ERROR_BACK_OFF, random()), stopping);
      if (turn === 'empty') await time.wait(EMPTY_ROUND_MS - (time.monotonicMs() - startedAtMs), stopping);
    }
  };
}
