import {
  confirmAnnounced,
  jobFields,
  type JobStore,
  type LegacyPublisher,
  legacyStem,
  type OutputStore,
} from '@afterimage/job-core';
import { isTerminal, type JobRecord, type LegacyOrigin, type Notification } from '@afterimage/job-schemas';
import type { Telemetry } from '@afterimage/telemetry';
import { METRICS } from '../metrics.ts';
import { type LegacyResults, ResultGoneError } from './write-results.ts';

export interface TellLegacyPorts {
  readonly jobs: Pick<JobStore, 'get' | 'change'>;
  readonly outputs: Pick<OutputStore, 'deleteFiles'>;
  readonly writeResults: (job: JobRecord, origin: LegacyOrigin) => Promise<LegacyResults>;
  readonly callbacks: LegacyPublisher;
  /** Whether a callback tells of the start of a job too. */
  readonly tellsOfStart: boolean;
  readonly telemetry: Telemetry;
}

type LegacyJob = JobRecord & { readonly legacy: LegacyOrigin };

function isLegacy(job: JobRecord | undefined): job is LegacyJob {
  return job !== undefined && job.legacy !== null;
}

/**
 * Tells the client of a request in the guidance's form what became of it: its files, then the callback, then the note on the
 * job that it is told. Whatever fails leaves the job due, so that its event comes again; what was done is done again the
 * same way.
 */
export function makeTellLegacy(ports: TellLegacyPorts) {
  const { jobs, outputs, writeResults, callbacks, tellsOfStart } = ports;
  const { log, metrics } = ports.telemetry;

  async function publish(job: LegacyJob, results: LegacyResults | undefined): Promise<void> {
    const { id } = job.legacy;
    const context: unknown = JSON.parse(job.legacy.context);
    const runtime = job.pool;
    if (results === undefined) return callbacks.publish({ runtime, id, status: 'running', context }, job);
    const result = job.status === 'succeeded';
    const status = result ? 'completed' : 'failed';
    const { imageUrls: image_url, outputUrl: output_url } = results;
    return callbacks.publish({ runtime, id, result, status, image_url, output_url, context }, job);
  }

  /** An erasure beside this one may have deleted the files before they were all there. */
  async function isErasedSince(job: LegacyJob): Promise<boolean> {
    const now = await jobs.get(job.id);
    if (now !== undefined && now.erasedAt === null) return false;
    await outputs.deleteFiles(legacyStem(job, job.legacy));
    log.info('legacy results deleted: the job was erased', jobFields(job));
    return true;
  }

  async function write(job: LegacyJob): Promise<LegacyResults | undefined> {
    try {
      const results = await writeResults(job, job.legacy);
      return (await isErasedSince(job)) ? undefined : results;
    } catch (error) {
      if (error instanceof ResultGoneError && (await isErasedSince(job))) return undefined;
      throw error;
    }
  }

  async function tellEnd(job: LegacyJob): Promise<void> {
    // An event that comes twice finds that its job has been told of; it may have become due again by the second one.
    if (!job.isAnnounced) {
      const results = await write(job);
      if (results === undefined) return;
      await publish(job, results);
      metrics.count(METRICS.legacyTold);
      log.info('legacy callback published', { ...jobFields(job), status: job.status, files: results.imageUrls.length });
    }
    await jobs.change(job.id, confirmAnnounced(job));
  }

  return async function tellLegacy(notification: Notification): Promise<void> {
    if (!('specversion' in notification) || !('job' in notification.data)) return;
    const isStart = notification.type === 'job.started';
    if (!isStart && !isTerminal(notification.data.job.status)) return;
    const job = await jobs.get(notification.subject);
    if (!isLegacy(job) || job.erasedAt !== null) return;
    if (!isStart) return tellEnd(job);
    // A start that comes late does not contradict the end.
    if (tellsOfStart && !job.isAnnounced) await publish(job, undefined);
  };
}
