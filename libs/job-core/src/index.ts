export * from './errors.ts';
export * from './job-change.ts';
export * from './lifecycle.ts';
export * from './new-job.ts';
export * from './ports.ts';
export * from './use-cases/announce.ts';
export * from './use-cases/job-event.ts';
export * from './use-cases/present-job.ts';
