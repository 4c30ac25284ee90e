export * from '../http/parse-body.ts';
export type { ApiRequest, Principal } from './api-request.ts';
export * from './conditional.ts';
export { type ApiResponse, httpHandler, type HttpHandlerOptions, type Route, type Routes } from './http-handler.ts';
export * from './idempotency-key.ts';
export * from './queue-handler.ts';
export * from './scheduled-handler.ts';
export * from './streaming-handler.ts';
