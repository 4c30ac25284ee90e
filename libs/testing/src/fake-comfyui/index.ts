export type { ComfyUiFault, ComfyUiFaults } from './faults.ts';
export type { FakeComfyUi, FakeComfyUiOptions } from './start-fake-comfyui.ts';
export { nodeCatalogue } from './node-catalogue.ts';
export { encodePng } from './png.ts';
export { startFakeComfyUi } from './start-fake-comfyui.ts';
