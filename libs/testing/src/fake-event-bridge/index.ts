export * from './start-fake-event-bridge.ts';
