import cliProgress, { type Bar } from 'cli-progress';
import type { Job } from '@afterimage/client';
import { describeJob, fractionOf } from './describe.ts';

/** One line per job at the bottom of the terminal. */
export interface ProgressBars {
  show(job: Job): void;
  /** Lines above the bars. */
  log(text: string): void;
  /** Draws the last state and gives the terminal back; nothing is shown after it. */
  stop(): void;
}

/** Room that the id, the percentage and the words take in most cases. */
const WORDS_CHARACTERS = 70;
const BAR_CHARACTERS = { min: 8, max: 24 };

/**
 * `job_01… ███████░░░░░ 58 %  inferring, step 12/20`; the id in full, because people copy it, and the bar as long as the
 * terminal has room for.
 */
export function formatBar(fraction: number, job: Job, columns: number): string {
  const length = Math.min(BAR_CHARACTERS.max, Math.max(BAR_CHARACTERS.min, columns - WORDS_CHARACTERS));
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * length);
  const bar = '█'.repeat(done) + '░'.repeat(length - done);
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `${job.id} ${bar} ${percent} %  ${describeJob(job)}`;
}

export function makeProgressBars(stream: NodeJS.WritableStream): ProgressBars {
  const multiBar = new cliProgress.MultiBar<{ readonly job: Job }>({
    stream,
    format: (_options, { progress, maxWidth }, { job }) => formatBar(progress, job, maxWidth),
    linewrap: true,
    gracefulExit: false,
    emptyOnZero: true,
    // Without it a bar is not drawn again after a line above it.
    forceRedraw: true,
  });
  const bars = new Map<string, Bar<{ readonly job: Job }>>();
  return {
    show(job) {
      const bar = bars.get(job.id);
      if (bar === undefined) bars.set(job.id, multiBar.create(1, fractionOf(job), { job }));
      else bar.update(fractionOf(job), { job });
    },
    log(text) {
      if (bars.size === 0) return void stream.write(`${text}\n`);
      multiBar.log(`${text}\n`);
      multiBar.update();
    },
    stop() {
      if (bars.size > 0) multiBar.stop();
      bars.clear();
    },
  };
}
