export * from './start-image-server.ts';
