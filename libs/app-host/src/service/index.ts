export * from './health-server.ts';
export * from './stop-signals.ts';
