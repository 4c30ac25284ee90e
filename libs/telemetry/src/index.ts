export * from './telemetry.ts';
export * from './traceparent.ts';
export * from './log/job-scope.ts';
