export * from './endpoints.ts';
export * from './start-embedded-aws.ts';
