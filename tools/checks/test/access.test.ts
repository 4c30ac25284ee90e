import { describe, expect, it } from 'vitest';
import { ACCESS } from '@afterimage/infra/access';
import { read } from './workspace.ts';

/** The file that makes the adapters of each function, of the console and of the worker. */
const COMPOSITION_ROOTS: Readonly<Record<keyof typeof ACCESS, string>> = {
  'api-authorizer': 'apps/api-authorizer/src/handler.ts',
  'submit-api': 'apps/submit-api/src/handler.ts',
  'status-api': 'apps/status-api/src/handler.ts',
  'wait-api': 'apps/status-api/src/wait-handler.ts',
  'webhook-api': 'apps/webhook-api/src/handler.ts',
  'result-notifier': 'apps/result-notifier/src/handler.ts',
  'job-reconciler': 'apps/job-reconciler/src/handler.ts',
  'ecs-fargate-admin': 'apps/ecs-fargate-admin/src/main.ts',
  'gpu-worker': 'apps/gpu-worker/src/main.ts',
};

/** Names of the adapters that a root makes: of libs/job-aws, and of the app's own file for a service. */
function adaptersOf(root: string): string[] {
  const source = read(root);
  // S3Requests is what adapters send their requests with, and none itself.
  const made = [...source.matchAll(/new ((?!S3Requests\b)(?:CloudWatch|Dynamo|S3|Sns|Sqs|XRay)[A-Z]\w+)\(/g)].map(
    ([, name = '']) => name,
  );
  const own = source.includes('createEventBridgeClient(') ? ['EventBridge'] : [];
  return [...new Set([...made, ...own])].toSorted();
}

describe.each(Object.entries(ACCESS))('the rights of %s', (name, access) => {
  const root = new Map<string, string>(Object.entries(COMPOSITION_ROOTS)).get(name) ?? '';

  it('are those of the adapters that its composition root makes, and no others', () => {
    expect(Object.keys(access).toSorted()).toEqual(adaptersOf(root));
  });

  it('name each action', () => {
    const actions = Object.values(access).flatMap((grants) =>
      grants.flatMap(([, ...names]: readonly string[]) => names),
    );

    expect(actions.filter((action) => !/^[a-z0-9]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
  });
});
