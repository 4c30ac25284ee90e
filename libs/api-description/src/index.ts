export { describeApi } from './describe-api.ts';
export type { JsonObject } from './json.ts';
export { OPERATIONS } from './operations.ts';
export type { Operation } from './operation.ts';
