import type { Plugin } from 'vite';
import { firstLoadOf } from './first-load.ts';

function inKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/**
 * States what the first load of the page weighs after gzip, and fails the build when that is too much.
 * @param budget bytes that the heaviest view may need
 */
export function firstLoadBudget(budget: number): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const { shell, largest, largestView } = firstLoadOf(bundle);
      const stated =
        `First load: ${inKilobytes(shell)} gzip, ${inKilobytes(largest)} with the heaviest view (${largestView}); ` +
        `the budget is ${inKilobytes(budget)}.`;
      if (largest > budget) this.error(stated);
      this.environment.logger.info(stated);
    },
  };
}
