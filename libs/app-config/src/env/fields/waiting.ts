import { numberFrom } from '../../load-config.ts';
import { signing } from './signing.ts';

/** Of functions that clients wait in for a job and its outputs. */
export const waiting = {
  ...signing,
  /** Pause between two looks at a job that a client waits for. */
  WAIT_POLL_INTERVAL_MS: numberFrom({ min: 50, max: 5000, default: 500 }),
};
