import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFiles, read, workspaceRoot } from './workspace.ts';

function linksOf(file: string): string[] {
  const links = [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
  return links.filter((target) => !/^[a-z]+:/.test(target));
}

describe.each(ownFiles('**/*.md'))('%s', (file) => {
  it('links to files that exist', () => {
    const broken = linksOf(file).filter((target) => !existsSync(join(workspaceRoot, dirname(file), target)));

    expect(broken).toEqual([]);
  });
});
