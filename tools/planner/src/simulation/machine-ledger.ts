import type { Market } from './simulation-input.ts';

/** What a machine is paid for: starting up, waiting for jobs, work that counts, work that was lost. */
export const PHASES = ['scaleUp', 'idle', 'busy', 'lost'] as const;
export type Phase = (typeof PHASES)[number];
export type PhaseSeconds = Readonly<Record<Phase, number>>;

interface Account {
  readonly market: Market;
  phase: Phase;
  since: number;
}

const none = () => ({ scaleUp: 0, idle: 0, busy: 0, lost: 0 });

/** Books every second of every machine to one phase. */
export class MachineLedger {
  readonly #seconds: Record<Market, Record<Phase, number>> = { spot: none(), onDemand: none() };

  open(market: Market, now: number): Account {
    return { market, phase: 'scaleUp', since: now };
  }

  /** What has been since the last change is `as` phase, or what it was begun as. */
  change(account: Account, now: number, to: Phase, as: Phase = account.phase): void {
    this.#seconds[account.market][as] += now - account.since;
    account.phase = to;
    account.since = now;
  }

  get seconds(): Readonly<Record<Market, PhaseSeconds>> {
    return this.#seconds;
  }
}
export type { Account };
