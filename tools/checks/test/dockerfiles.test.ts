import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFiles, read, workspaceRoot } from './workspace.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of a Dockerfile, lines joined and comments left out. */
function instructionsOf(file: string): Instruction[] {
  const lines = read(file)
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name, rest: rest.join(' ') };
  });
}

describe.each(ownFiles('apps/*/Dockerfile'))('%s', (file) => {
  const instructions = instructionsOf(file);
  const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  const named = (name: string, among = instructions) => among.filter((each) => each.name === name);

  it('is built on images of a named version', () => {
    const images = named('FROM').map(({ rest }) => rest.replace(/^--platform=\S+ /, '').split(' ')[0]);

    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((image) => !/:(?!latest$)[\w.-]+$/.test(image ?? ''))).toEqual([]);
  });

  it('runs as a user that is told by number and is not root', () => {
    expect(named('USER', lastStage).at(-1)?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('copies and never adds, and leaves health to the probes', () => {
    expect(named('ADD')).toEqual([]);
    expect(named('HEALTHCHECK')).toEqual([]);
  });

  it('runs nothing but npm ci, without scripts, and takes away of it what another platform needs', () => {
    const allowed = /^(npm ci .*--ignore-scripts|find node_modules\/\S+ .*-exec rm -r \{\} \+$)/;

    expect(named('RUN').filter(({ rest }) => !allowed.test(rest))).toEqual([]);
  });

  it('starts without a shell, and holds no secret', () => {
    expect(named('CMD', lastStage).map(({ rest }) => JSON.parse(rest))).toEqual([['main.mjs']]);
    expect(read(file)).not.toMatch(/(secret|password|token|access_key)\s*=/i);
  });

  it('finds what it copies in the folder that `package` writes', () => {
    const context = join(workspaceRoot, 'dist/packages', dirname(file).replace('apps/', ''));
    const sources = named('COPY')
      .filter(({ rest }) => !rest.startsWith('--from='))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    const missing = sources.filter((source) => !source.includes('*') && !existsSync(join(context, source)));

    expect(missing).toEqual([]);
    expect(sources).toContain('*.mjs');
    expect(existsSync(join(context, 'main.mjs'))).toBe(true);
  });
});

describe('the image of the worker', () => {
  const removal = instructionsOf('apps/gpu-worker/Dockerfile').find(({ rest }) => rest.startsWith('find '))?.rest ?? '';

  it.each([
    ['amd64', 'linux/x64'],
    ['arm64', 'linux/arm64'],
  ])('has ONNX Runtime for %s alone', (TARGETARCH, kept) => {
    const env = { ...process.env, TARGETARCH };
    const printed = removal.replace(/-exec rm .*$/, '-print');
    const find = (command: string) =>
      execFileSync('sh', ['-c', command], { cwd: workspaceRoot, env, encoding: 'utf8' }).trim().split('\n');

    const removed = find(printed);
    const all = find('find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3');

    expect(all.length).toBeGreaterThan(1);
    expect(all.filter((folder) => !removed.includes(folder))).toEqual([expect.stringMatching(`/${kept}$`)]);
  });
});
