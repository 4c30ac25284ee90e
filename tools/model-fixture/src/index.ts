export { modelFiles, type ModelOptions, writeModel } from './write-model.ts';
