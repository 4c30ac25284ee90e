import type { JobStore } from '@afterimage/job-core';
import { enterPhase } from '@afterimage/job-core';
import type { JobPhase } from '@afterimage/job-schemas';
import type { Log } from '@afterimage/telemetry';

/**
 * Tells the job's record of the phase, beside the work and never in its way: while one write is under way, only the latest
 * phase is kept for the next. A refused write is no news: the heartbeat tells what became of the job.
 */
export class PhaseWriter {
  readonly #jobs: JobStore;
  readonly #log: Log;
  readonly #subject: { readonly jobId: string; readonly token: string };
  #current: JobPhase = 'preparing';
  #written: JobPhase = 'preparing';
  #isClosed = false;
  #writing: Promise<void> | undefined;

  constructor(jobs: JobStore, log: Log, subject: { readonly jobId: string; readonly token: string }) {
    this.#jobs = jobs;
    this.#log = log;
    this.#subject = subject;
  }

  get current(): JobPhase {
    return this.#current;
  }

  enter(phase: JobPhase): void {
    if (phase === this.#current) return;
    this.#current = phase;
    this.#writing ??= this.#write();
  }

  /** No further writes; resolves when the one under way is over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { jobId, token } = this.#subject;
    while (this.#written !== this.#current && !this.#isClosed) {
      const phase = this.#current;
      this.#written = phase;
      try {
        await this.#jobs.change(jobId, enterPhase({ token, phase }));
      } catch (error) {
        this.#log.warn('phase not written', { jobId, phase, error });
      }
    }
    this.#writing = undefined;
  }
}
