export * from './api-routes.ts';
export * from './engine.ts';
export * from './env/index.ts';
export * from './job-log-query.ts';
export * from './load-config.ts';
export * from './pool-deployment.ts';
export * from './pools.ts';
export { findModel, parseServedPools, type PoolModel, type ServedPool, type ServedPools } from './served-pools.ts';
