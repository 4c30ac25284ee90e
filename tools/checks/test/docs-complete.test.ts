import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFiles, projects, read } from './workspace.ts';

describe('the documents', () => {
  it('list every decision', () => {
    const list = read('docs/adr/README.md');
    const decisions = ownFiles('docs/adr/[0-9]*.md').map((file) => basename(file));

    expect(decisions.filter((file) => !list.includes(`(${file})`))).toEqual([]);
  });

  it('name every project to who comes to the repository', () => {
    const readme = read('README.md');
    const names = projects().map(({ folder }) => basename(folder));

    expect(names.filter((name) => !readme.includes(`\`${name}\``) && !readme.includes(`/${name}`))).toEqual([]);
  });

  it('name every part of the way of a job that is deployed', () => {
    const architecture = read('docs/architecture.md');
    const apps = projects().filter(({ tags }) => tags.includes('layer:app'));

    expect(apps.map(({ folder }) => `../${folder}/README.md`).filter((link) => !architecture.includes(link))).toEqual(
      [],
    );
  });
});
