export * from './a-job.ts';
export * from './start-fake-api.ts';
