import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeLambdaFunction, type LambdaFunction } from '../src/lambda/lambda-function.ts';
import type { FunctionDefinition } from '../src/lambda/definition.ts';
import { openLogFile } from '../src/lambda/function-log.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a bundle as a build would. @param source CommonJS that sets `exports.handler` */
export function writeBundle(folder: string, app: string, source: string): string {
  mkdirSync(join(folder, app), { recursive: true });
  const file = join(folder, app, 'handler.cjs');
  writeFileSync(file, source);
  return file;
}

/** A function of the given source, which ends with the test. */
export function aFunction(
  source: string,
  overrides: Partial<FunctionDefinition> = {},
): LambdaFunction & { readonly logFile: string } {
  const folder = temporaryFolder();
  const definition = {
    name: 'fixture',
    bundle: writeBundle(folder, 'fixture', source),
    env: {},
    timeoutMs: 5000,
    memoryMb: 128,
    maxConcurrency: 8,
    ...overrides,
  };
  const logFile = join(folder, 'fixture.log');
  const lambda = makeLambdaFunction(definition, openLogFile(logFile));
  onTestFinished(() => lambda.stop());
  return { ...lambda, logFile };
}
