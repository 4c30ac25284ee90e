export * from './admin-env.ts';
export * from './api-routes.ts';
export * from './app-env.ts';
export * from './job-log-query.ts';
export * from './load-config.ts';
export * from './pool-deployment.ts';
export * from './pools.ts';
