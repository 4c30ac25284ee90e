import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type BuiltChunk, type BuiltFiles, firstLoadOf } from '../build/first-load.ts';

function aChunk(overrides: Partial<BuiltChunk> = {}): BuiltChunk {
  return { type: 'chunk', code: 'x', isEntry: false, imports: [], dynamicImports: [], ...overrides };
}

const noise = (bytes: number) => randomBytes(bytes).toString('hex');
const size = (text: string) => gzipSync(text).length;

describe('the first load', () => {
  const shared = noise(300);
  const heavy = noise(2000);
  const style = noise(100);
  const files: BuiltFiles = {
    'index.js': aChunk({ isEntry: true, imports: ['shared.js'], dynamicImports: ['light.js', 'heavy.js'] }),
    'shared.js': aChunk({ code: shared, imports: ['index.js'] }),
    'light.js': aChunk({ imports: ['shared.js'] }),
    'heavy.js': aChunk({
      code: heavy,
      imports: ['shared.js'],
      viteMetadata: { importedCss: new Set(['heavy.css']) },
    }),
    'heavy.css': { type: 'asset', source: style },
    'never.js': aChunk({ code: noise(9000) }),
  };

  it('is the entry with what it imports, and the view that needs the most, each file once', () => {
    const shell = size('x') + size(shared);

    expect(firstLoadOf(files)).toEqual({
      shell,
      largest: shell + size(heavy) + size(style),
      largestView: 'heavy.js',
    });
  });

  it('is not told of a build without views', () => {
    expect(() => firstLoadOf({ 'index.js': aChunk({ isEntry: true }) })).toThrow('no entry that loads a view');
  });
});
