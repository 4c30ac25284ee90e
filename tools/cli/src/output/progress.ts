import cliProgress, { type Bar } from 'cli-progress';
import type { Job } from '@afterimage/client';
import type { Totals } from '../batch/totals.ts';
import { describeJob, describeTotals, fractionOf } from './describe.ts';

/** One line per job at the bottom of the terminal. */
export interface ProgressBars {
  show(job: Job): void;
  /** One bar for all jobs of a run. */
  showTotal(totals: Totals): void;
  /** Lines above the bars. */
  log(text: string): void;
  /** Draws the last state and gives the terminal back; nothing is shown after it. */
  stop(): void;
}

interface Drawing {
  readonly draw: (fraction: number, columns: number) => string;
}

/** Room that the id, the percentage and the words take in most cases. */
const WORDS_CHARACTERS = 70;
const BAR_CHARACTERS = { min: 8, max: 24 };

/**
 * `job_01… ███████░░░░░ 58 %  inferring, step 12/20`; the id in full, because people copy it, and the bar as long as the
 * terminal has room for.
 */
export function formatBar(fraction: number, job: Job, columns: number): string {
  return `${job.id} ${drawBar(fraction, columns)}  ${describeJob(job)}`;
}

function drawBar(fraction: number, columns: number): string {
  const length = Math.min(BAR_CHARACTERS.max, Math.max(BAR_CHARACTERS.min, columns - WORDS_CHARACTERS));
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * length);
  const bar = '█'.repeat(done) + '░'.repeat(length - done);
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `${bar} ${percent} %`;
}

export function makeProgressBars(stream: NodeJS.WritableStream): ProgressBars {
  const multiBar = new cliProgress.MultiBar<Drawing>({
    stream,
    format: (_options, { progress, maxWidth }, { draw }) => draw(progress, maxWidth),
    linewrap: true,
    gracefulExit: false,
    emptyOnZero: true,
    // Without it a bar is not drawn again after a line above it.
    forceRedraw: true,
  });
  const bars = new Map<string, Bar<Drawing>>();

  function put(id: string, fraction: number, draw: Drawing['draw']): void {
    const bar = bars.get(id);
    if (bar === undefined) bars.set(id, multiBar.create(1, fraction, { draw }));
    else bar.update(fraction, { draw });
  }

  return {
    show(job) {
      put(job.id, fractionOf(job), (fraction, columns) => formatBar(fraction, job, columns));
    },
    showTotal(totals) {
      const { total, succeeded, failed } = totals;
      const draw: Drawing['draw'] = (fraction, columns) => `${drawBar(fraction, columns)}  ${describeTotals(totals)}`;
      put('total', (succeeded + failed) / total, draw);
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
