import { describe, expect, it } from 'vitest';
import { read } from './workspace.ts';

/** SPDX expressions that go with Apache-2.0 in a program that is distributed. libvips (LGPL) is linked dynamically by sharp. */
const ALLOWED = new Set([
  '(Apache-2.0 AND BSD-3-Clause)',
  '(MIT OR CC0-1.0)',
  '(MIT OR GPL-3.0-or-later)',
  '(MIT AND CC-BY-3.0)',
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  'BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

interface LockedPackage {
  readonly license?: string;
  readonly link?: boolean;
}

describe('licences', () => {
  it('of every locked package are known and allowed', () => {
    const lock: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));
    const packages = Object.entries(lock.packages).filter(
      ([path, { link }]) => path.includes('node_modules/') && link !== true,
    );
    const wrong = packages.filter(([, { license }]) => license !== undefined && !ALLOWED.has(license));

    expect(packages.length).toBeGreaterThan(100);
    expect(wrong.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});
