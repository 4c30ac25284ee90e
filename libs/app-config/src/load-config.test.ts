import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ConfigError, loadConfig, numberFrom } from './load-config.ts';

const schema = z.object({
  TABLE: z.string().min(1),
  ENGINE: z.enum(['sketch']),
  SECRET: z.string().min(32).optional(),
  SECONDS: numberFrom({ min: 5, max: 60, default: 30 }),
});
const env = { TABLE: 'jobs', ENGINE: 'sketch' };

function messageOf(broken: Record<string, string | undefined>): string {
  try {
    loadConfig(schema, broken);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('loadConfig', () => {
  it('fills in defaults, and leaves out what it does not know', () => {
    expect(loadConfig(schema, { ...env, PATH: '/bin' })).toStrictEqual({ ...env, SECONDS: 30 });
  });

  it('names every variable that is not set', () => {
    expect(messageOf({})).toBe('the environment is not complete: TABLE is not set; ENGINE is not set');
  });

  it('names every variable that is wrong, and the rule that it breaks', () => {
    expect(messageOf({ TABLE: '', ENGINE: 'other', SECONDS: '61' })).toBe(
      'the environment is not complete: ' +
        'TABLE is wrong: Too small: expected string to have >=1 characters; ' +
        'ENGINE is wrong: Invalid input: expected "sketch"; ' +
        'SECONDS is wrong: Too big: expected number to be <=60',
    );
  });

  it('never shows a value', () => {
    const wrong = { TABLE: '', ENGINE: 'value-1', SECRET: 'value-2', SECONDS: 'value-3' };

    expect(messageOf(wrong)).not.toContain('value-');
  });

  it('names the variable that breaks a relation with another, when it has its default too', () => {
    const related = schema.refine((config) => config.TABLE !== 'jobs', {
      path: ['SECONDS'],
      message: 'must fit TABLE',
    });

    expect(() => loadConfig(related, env)).toThrow('SECONDS is wrong: must fit TABLE');
  });
});

describe('numberFrom', () => {
  const schema = numberFrom({ min: 5, max: 60, default: 30 });

  it.each([
    [undefined, 30],
    ['5', 5],
    ['060', 60],
  ])('reads %j as %d', (text, number) => {
    expect(schema.parse(text)).toBe(number);
  });

  it.each(['', ' ', '4', '61', '7.5', '-5', '0x10', '1e1', '5 ', 'Infinity', 'thirty'])('refuses %j', (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });
});
