export type { Clock } from './clock.ts';
export { EXIT, type ExitCode } from './exit-codes.ts';
export { runCli } from './program.ts';
export type { CliDependencies, OutputStream } from './session.ts';
