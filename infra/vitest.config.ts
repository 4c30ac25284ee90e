import { projectTests } from '../vitest.shared.ts';

// Loading CDK takes seconds: a worker does it once, for all files. No test changes what another one sees.
export default projectTests({ isolate: false, testTimeout: 60_000 });
