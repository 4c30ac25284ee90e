import { projectTests } from '../vitest.shared.ts';

// CloudFormation's own validation costs seconds per synth; the `synth` target runs it once, over the same templates.
export default projectTests({ testTimeout: 60_000, env: { CDK_VALIDATION: 'false' } });
