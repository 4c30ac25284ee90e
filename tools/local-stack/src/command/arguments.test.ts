import { describe, expect, it } from 'vitest';
import { parseArguments, UsageError } from './arguments.ts';

describe('parseArguments', () => {
  it('has defaults', () => {
    expect(parseArguments([], {})).toMatchObject({
      isFresh: false,
      workers: 1,
      port: 4000,
      consolePort: 4001,
      hasFirstJob: true,
    });
  });

  it('reads options and the ports', () => {
    const args = ['--fresh', '--workers', '3', '--ms-per-step=0', '--no-first-job', '--directory', '/tmp/x'];

    expect(parseArguments(args, { AFTERIMAGE_PORT: '4100', AFTERIMAGE_CONSOLE_PORT: '4101' })).toEqual({
      isFresh: true,
      workers: 3,
      port: 4100,
      consolePort: 4101,
      engine: 'sketch',
      modelDirectory: undefined,
      sketchMsPerStep: 0,
      hasFirstJob: false,
      directory: '/tmp/x',
      wantsHelp: false,
    });
  });

  it('takes models for the onnx engine, and for no other', () => {
    expect(parseArguments(['--engine', 'onnx', '--model-dir', 'models'], {})).toMatchObject({
      engine: 'onnx',
      modelDirectory: 'models',
    });
    expect(() => parseArguments(['--engine', 'onnx'], {})).toThrow('--engine onnx needs --model-dir FOLDER');
    expect(() => parseArguments(['--model-dir', 'models'], {})).toThrow('--model-dir needs --engine onnx');
    expect(() => parseArguments(['--engine', 'warp'], {})).toThrow('--engine must be sketch or onnx, got "warp"');
  });

  it.each([
    [['--frsh'], {}, /--frsh/],
    [['--workers', 'two'], {}, /--workers must be a whole number/],
    [['--workers', '-1'], {}, /--workers/],
    [[], { AFTERIMAGE_PORT: '99999' }, /AFTERIMAGE_PORT must be a whole number from 0 to 65535, got "99999"/],
    [[], { AFTERIMAGE_PORT: '' }, /AFTERIMAGE_PORT/],
  ])('refuses %j with %j', (args, env, message) => {
    expect(() => parseArguments(args, env)).toThrow(UsageError);
    expect(() => parseArguments(args, env)).toThrow(message);
  });
});
