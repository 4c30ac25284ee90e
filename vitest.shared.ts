import { basename } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The kind of a test is in its suffix; see CONTRIBUTING.md for what each kind may touch. */
export function projectTests(overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    test: {
      name: basename(process.cwd()),
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      typecheck: { enabled: false },
      restoreMocks: true,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
      ...overrides,
    },
  });
}
