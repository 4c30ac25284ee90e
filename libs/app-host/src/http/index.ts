export * from './cursor.ts';
export * from './parse-body.ts';
export * from './rate-limit.ts';
export * from './to-problem-error.ts';
