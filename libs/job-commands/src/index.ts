export * from './accept-job.ts';
export * from './cancel-job.ts';
export * from './check-references.ts';
export * from './check-request.ts';
export * from './erase-job.ts';
export * from './present-model.ts';
export * from './retry-job.ts';
export * from './submit-job.ts';
