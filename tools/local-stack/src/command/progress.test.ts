import { describe, expect, it } from 'vitest';
import { makeProgressView } from './progress.ts';

describe('makeProgressView', () => {
  it('writes a line for each change of the status and each tenth, without a terminal', () => {
    const lines: string[] = [];
    const view = makeProgressView(false, (line) => void lines.push(line));

    for (const [status, fraction] of [
      ['queued', 0],
      ['queued', 0],
      ['inferring', 0.11],
      ['inferring', 0.19],
      ['inferring', 0.25],
      ['succeeded', 1],
    ] as const) {
      view.show(status, fraction);
    }
    view.end();

    expect(lines).toEqual(['  queued 0%', '  inferring 10%', '  inferring 20%', '  succeeded 100%']);
  });
});
