import { registerHooks } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ownFiles, projects, read } from './workspace.ts';

// The parser imports JSON without saying so, which bundlers allow and Node.js does not.
registerHooks({
  load: (url, context, nextLoad) =>
    nextLoad(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

const workflows = ownFiles('.github/workflows/*.yml');

/** What GitHub's own parser has to say of a workflow. */
async function complaintsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

/** Targets that Nx infers of each project. */
const INFERRED = ['lint', 'typecheck'];
const targetsSchema = z.object({ nx: z.object({ targets: z.record(z.string(), z.unknown()) }) });
const targets = new Map(
  projects().map(({ name, folder }) => {
    const { nx } = targetsSchema.parse(JSON.parse(read(`${folder}/package.json`)));
    return [name, new Set([...Object.keys(nx.targets), ...INFERRED])] as const;
  }),
);
const anyTarget = new Set([...targets.values()].flatMap((names) => [...names]));

describe.each(workflows)('%s', (file) => {
  const text = read(file);

  it('is a workflow', async () => {
    expect(await complaintsOf(file, text)).toEqual([]);
  });

  it('runs targets that are there', () => {
    const several = [...text.matchAll(/nx affected -t ((?:[a-z][a-z-]* ?)+)/g)].flatMap(([, names = '']) =>
      names.trim().split(' '),
    );
    const single = [...text.matchAll(/nx run (@afterimage\/[a-z-]+):([a-z-]+)/g)];

    expect(several.length + single.length).toBeGreaterThan(0);
    expect(several.filter((name) => !anyTarget.has(name))).toEqual([]);
    expect(single.filter(([, project = '', name = '']) => targets.get(project)?.has(name) !== true)).toEqual([]);
  });

  it('may read the repository, and no more unless a job says so', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text).toContain('persist-credentials: false');
  });

  it('puts nothing that somebody else wrote into a script', () => {
    const scripts = [...text.matchAll(/^\s*(?:- )?run: ?(?:\|\n((?:\s{10,}.*\n)+)|(.*)\n)/gm)].map(([whole]) => whole);

    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('the check of workflows', () => {
  const [file = ''] = workflows;

  it.each([
    ['a key that is misspelt', 'runs-on:', 'run-on:', /run-on/],
    ['a context that does not exist', 'github.ref', 'githubb.ref', /githubb/],
  ])('finds %s', async (_, right, wrong, complaint) => {
    expect((await complaintsOf(file, read(file).replace(right, wrong))).join('\n')).toMatch(complaint);
  });
});
