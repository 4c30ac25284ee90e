import { describe, expect, it } from 'vitest';
import { ownFiles, projects, read } from './workspace.ts';

/** What may be imported by what, written down a second time: the lint rule is skipped where there is no project graph. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'layer:schema': ['layer:schema'],
  'layer:core': ['layer:schema'],
  'layer:client': ['layer:schema'],
  'layer:adapter': ['layer:schema', 'layer:core'],
  'layer:platform': ['layer:schema', 'layer:core', 'layer:platform'],
  'layer:testing': ['layer:schema', 'layer:core'],
  'layer:app': ['layer:schema', 'layer:core', 'layer:adapter', 'layer:platform'],
  'layer:infra': ['layer:schema', 'layer:core', 'layer:adapter', 'layer:platform'],
  'layer:tool': [
    'layer:schema',
    'layer:core',
    'layer:adapter',
    'layer:platform',
    'layer:client',
    'layer:platform',
    'layer:tool',
    'layer:testing',
    'layer:infra',
  ],
};

const all = projects();
const byName = new Map(all.map((project) => [project.name, project]));
const layerOf = (name: string) => byName.get(name)?.tags.find((tag) => tag.startsWith('layer:')) ?? 'none';

/** Every package of the workspace that the sources of a project import. */
function importsOf(folder: string, pattern: string): Set<string> {
  const files = ownFiles(`${folder}/${pattern}`);
  return new Set(
    files.flatMap((file) => [...read(file).matchAll(/from '(@afterimage\/[a-z-]+)/g)].map(([, name = '']) => name)),
  );
}

describe.each(all)('$name', ({ name, folder, tags, imports, allImports }) => {
  it('has one layer and one place to run', () => {
    expect(tags.filter((tag) => tag.startsWith('layer:'))).toHaveLength(1);
    expect(tags.filter((tag) => tag.startsWith('runs:'))).toHaveLength(1);
  });

  it('depends on lower layers only', () => {
    const layer = tags.find((tag) => tag.startsWith('layer:')) ?? 'none';
    const wrong = imports.filter((name) => MAY_IMPORT[layer]?.includes(layerOf(name)) !== true);

    expect(wrong).toEqual([]);
  });

  it('declares what it imports', () => {
    const known = new Set([name, ...allImports]);
    const undeclared = [...importsOf(folder, '{src,test}/**/*.ts')].filter((each) => !known.has(each));

    expect(undeclared).toEqual([]);
  });
});
