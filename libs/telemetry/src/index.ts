export * from './telemetry.ts';
export * from './traceparent.ts';
