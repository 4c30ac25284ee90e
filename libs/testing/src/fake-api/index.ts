export * from './a-job.ts';
export * from './a-webhook.ts';
export * from './start-fake-api.ts';
