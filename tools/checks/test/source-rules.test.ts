import { describe, expect, it } from 'vitest';
import { ownFiles, read } from './workspace.ts';

const sources = ownFiles('{apps,libs,tools,infra}/**/*.{ts,mjs,cjs}');

function filesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.filter((file) => pattern.test(read(file)));
}

describe('sources', () => {
  it('import zod as a namespace, so that bundles hold no locales', () => {
    expect(filesWith(/import (?!type )(?!\* as z )[^;]*from 'zod'/, sources)).toEqual([]);
  });

  it('read the environment, the clock and chance in composition roots and platform code alone', () => {
    const libraries = ownFiles('libs/{job-schemas,job-core,job-aws,app-config}/src/**/*.ts');
    const useCases = ownFiles('apps/*/src/**/*.ts').filter((file) => !/(handler|main)\.ts$|\/engines\//.test(file));
    const own = [...libraries, ...useCases].filter((file) => !file.endsWith('.test.ts'));

    expect(filesWith(/process\.env|Date\.now\(\)|Math\.random\(\)|randomUUID\(\)/, own)).toEqual([]);
  });

  it('stay under 300 lines, tests aside', () => {
    const long = sources.filter((file) => !file.endsWith('.test.ts') && read(file).split('\n').length > 300);

    expect(long).toEqual([]);
  });

  it('hold no work left undone and no skipped test', () => {
    const others = sources.filter((file) => !file.endsWith('source-rules.test.ts'));

    expect(filesWith(/\b(TODO|FIXME|XXX)\b|\b(it|describe|test)\.(skip|only|todo)\(/, others)).toEqual([]);
  });
});
