import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from './workspace.ts';

const NX = join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');

/** The projects that `nx affected -t deploy` would deploy for a change of this file. */
async function deployedFor(file: string): Promise<string[]> {
  const args = ['show', 'projects', '--affected', `--files=${file}`, '--with-target', 'deploy', '--json'];
  // Colours, and an own daemon, are of no use here.
  const env = { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' };
  const { stdout } = await promisify(execFile)(process.execPath, [NX, ...args], { cwd: workspaceRoot, env });
  const projects: string[] = JSON.parse(stdout);
  return projects.map((name) => name.replace('@afterimage/', '')).toSorted();
}

describe('nx affected -t deploy', () => {
  it.each([
    ['apps/result-notifier/src/handler.ts', ['result-notifier']],
    ['apps/gpu-worker/src/main.ts', ['gpu-worker']],
    [
      'libs/safe-egress/src/target.ts',
      ['ecs-fargate-admin', 'gpu-worker', 'result-notifier', 'status-api', 'submit-api', 'webhook-api'],
    ],
    ['infra/src/stages.ts', ['infra']],
    ['docs/runbook.md', []],
  ])(
    'deploys for a change of %s what it is part of, and no more',
    async (file, projects) => {
      expect(await deployedFor(file)).toEqual(projects);
    },
    120_000,
  );
});
