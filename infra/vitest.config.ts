import { projectTests } from '../vitest.shared.ts';

// CloudFormation's own validation costs seconds per synth; the `synth` target runs it once, over the same templates.
// Loading CDK takes seconds: a worker does it once, for all files. No test changes what another one sees.
export default projectTests({
  isolate: false,
  testTimeout: 60_000,
  env: { CDK_VALIDATION: 'false' },
});
