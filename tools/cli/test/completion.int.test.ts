import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { aFolder, run } from './run.ts';

const runFile = promisify(execFile);

function has(shell: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, shell)));
}

async function aScript(shell: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(['completion', shell]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const file = join(await aFolder(), `completion.${shell}`);
  await writeFile(file, stdout);
  return file;
}

/** What bash offers for the last of the words. */
async function inBash(words: readonly string[]): Promise<string[]> {
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _afterimage; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await runFile('bash', ['--norc', '-c', program, 'bash', await aScript('bash'), ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Its answer is what `_describe` and `compadd` are given, which is what zsh shows. */
async function inZsh(words: readonly string[]): Promise<string[]> {
  const program = `compdef() { }; compadd() { shift; print -l -- "$@" }; _files() { print FILES }
_describe() { local name="\${@[-1]}"; print -l -- "\${(@P)name}" }
source "$1"; shift; words=("$@"); CURRENT=$#; _afterimage`;
  const { stdout } = await runFile('zsh', ['-fc', program, 'zsh', await aScript('zsh'), ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

async function inFish(words: readonly string[]): Promise<string[]> {
  const program = `source "$argv[1]"; complete -C "$argv[2]"`;
  const file = await aScript('fish');
  const { stdout } = await runFile('fish', ['--no-config', '-c', program, file, words.join(' ')], {
    env: { ...process.env, HOME: await aFolder() },
  });
  return stdout.split('\n').filter((line) => line !== '');
}

const JOBS = ['ls', 'get', 'watch', 'cancel', 'retry', 'rm'];
const FORMATS = ['png', 'jpeg', 'webp', 'avif'];

describe.runIf(has('bash'))('in bash', () => {
  test('commands, options and values are offered', async () => {
    expect(await inBash(['afterimage', 'jobs', ''])).toEqual(JOBS);
    expect(await inBash(['afterimage', '--json', 'jobs', 'w'])).toEqual(['watch']);
    expect(await inBash(['afterimage', 'generate', 'a boat', '--format', ''])).toEqual(FORMATS);
    expect(await inBash(['afterimage', 'generate', '--prev'])).toEqual(['--preview']);
    expect(await inBash(['afterimage', 'jobs', 'ls', '--'])).toEqual(expect.arrayContaining(['--status', '--json']));
  });

  test('where files go, nothing is, so that bash offers files', async () => {
    expect(await inBash(['afterimage', 'generate', '--file', ''])).toEqual([]);
  });

  test('a prompt with the name of a command is a prompt', async () => {
    expect(await inBash(['afterimage', 'generate', 'jobs', '--f'])).toEqual(['--file', '--format']);
  });
});

describe.runIf(has('zsh'))('in zsh', () => {
  test('commands, options and values are offered', async () => {
    expect((await inZsh(['afterimage', 'jobs', ''])).map((line) => line.split(':')[0])).toEqual(JOBS);
    expect(await inZsh(['afterimage', 'jobs', ''])).toContain('cancel:cancel a job');
    expect(await inZsh(['afterimage', 'generate', '--format', ''])).toEqual(FORMATS);
    expect(await inZsh(['afterimage', 'generate', '--file', ''])).toEqual(['FILES']);
    expect(await inZsh(['afterimage', 'jobs', 'ls', '-'])).toContain('--status:only jobs in this state');
  });
});

describe.runIf(has('fish'))('in fish', () => {
  test('commands, options and values are offered', async () => {
    expect((await inFish(['afterimage', 'jobs', ''])).map((line) => line.split('\t')[0])).toEqual(JOBS.toSorted());
    expect(await inFish(['afterimage', 'generate', '--format', ''])).toEqual(
      FORMATS.toSorted().map((format) => `${format}\tfile format`),
    );
    expect(await inFish(['afterimage', 'jobs', 'ls', '--st'])).toEqual(['--status\tonly jobs in this state']);
  });
});

test('another shell is refused', async () => {
  const { exitCode, stderr } = await run(['completion', 'tcsh']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
