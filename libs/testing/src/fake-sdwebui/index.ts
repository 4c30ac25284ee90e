export type { FakeFault } from './faults.ts';
export type { FakeSdWebui, FakeSdWebuiOptions, GenerationRequest } from './start-fake-sdwebui.ts';
export { startFakeSdWebui } from './start-fake-sdwebui.ts';
export type { FakeDialect } from './wire-shapes.ts';
