import { projectTests } from '../../vitest.shared.ts';

export default projectTests({
  include: ['src/**/*.test.ts', 'journeys/**/*.e2e.test.ts', 'faults/**/*.fault.test.ts'],
  // Each file has a whole stack of its own: one at a time, so that they do not starve each other.
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
});
