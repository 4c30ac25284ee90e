import type { OverdueStep } from './overdue-step.ts';

/** `none`: somebody else was faster, or nothing was to do. */
export type StepKind =
  | OverdueStep['kind']
  | 'fillBatch'
  | 'countBatch'
  | 'announceBatch'
  | 'enqueueDelivery'
  | 'failDeadLetter'
  | 'skipUnreadable';

/** How often each kind of step was taken, and how many steps failed and are left to the next run. */
export interface Summary {
  readonly steps: Readonly<Partial<Record<StepKind, number>>>;
  readonly failures: number;
}

/** Gathers the summary of one run. */
export interface Tally {
  step(kind: StepKind): void;
  failure(): void;
  summary(): Summary;
}

export function createTally(): Tally {
  const steps: Partial<Record<StepKind, number>> = {};
  let failures = 0;
  return {
    step(kind) {
      steps[kind] = (steps[kind] ?? 0) + 1;
    },
    failure() {
      failures += 1;
    },
    summary: () => ({ steps: { ...steps }, failures }),
  };
}
