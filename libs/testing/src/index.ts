export * from './deferred.ts';
export * from './wait-for.ts';
