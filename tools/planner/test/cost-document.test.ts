import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COST_DOCUMENT, withoutPadding, withTables } from '../src/commands/cost-document.ts';

it('docs/cost.md has the tables of today; else: npx nx write-docs @afterimage/planner', () => {
  const document = readFileSync(COST_DOCUMENT, 'utf8');

  expect(withoutPadding(document)).toBe(withoutPadding(withTables(document)));
}, 120_000);
