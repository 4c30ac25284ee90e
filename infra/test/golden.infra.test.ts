import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthStage, templateOf } from './support/synth-stage.ts';

/** Keys of assets and fingerprints of images change with every build; what a reviewer wants to see does not. */
function scrub(template: object): string {
  const text = JSON.stringify(template, null, 2);
  const scrubbed = text
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<asset>')
    .replaceAll(/(?<=:)[0-9a-f]{32}(?=")/g, '<image>')
    .replaceAll(/(?<=Deployment[0-9A-F]{8})[0-9a-f]{32}(?=")/g, '<routes>');
  return `${scrubbed}\n`;
}

const { templates } = synthStage('dev');
// Of the stages, the example alone has a console.
const admin = templateOf(synthStage('example'), 'Admin');

// After a change that is meant: `npx vitest run test/golden.infra.test.ts -u` in infra, and read the difference.
describe('the golden template', () => {
  it.each([...templates, ['Admin', admin] as const])('of %s is what is deployed', async (id, template) => {
    await expect(scrub(template.toJSON())).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${id}.json`));
  });
});
