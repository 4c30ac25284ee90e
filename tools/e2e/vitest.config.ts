import { projectTests } from '../../vitest.shared.ts';

export default projectTests({
  include: ['src/**/*.test.ts', 'journeys/**/*.e2e.test.ts', 'faults/**/*.fault.test.ts'],
  // Each file has a whole stack of its own, which mostly waits: two at a time, so that they do not starve each other.
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
});
