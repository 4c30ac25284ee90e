import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  apiAuthorizerEnv,
  ecsFargateAdminEnv,
  jobReconcilerEnv,
  loadConfig,
  resultNotifierEnv,
  statusApiEnv,
  submitApiEnv,
  waitApiEnv,
  webhookApiEnv,
} from '@afterimage/app-config';
import { FUNCTIONS } from '../src/config/stage-config.ts';
import { makeResolve } from './support/resolve-value.ts';
import { synthStage, templateOf } from './support/synth-stage.ts';

const SCHEMAS = {
  'api-authorizer': apiAuthorizerEnv,
  'submit-api': submitApiEnv,
  'status-api': statusApiEnv,
  'wait-api': waitApiEnv,
  'webhook-api': webhookApiEnv,
  'result-notifier': resultNotifierEnv,
  'job-reconciler': jobReconcilerEnv,
} as const satisfies Record<(typeof FUNCTIONS)[number], z.ZodType>;

const stage = synthStage('example');
const resolve = makeResolve(stage.templates, 'afterimage-example');

const functionSchema = z.looseObject({
  Properties: z.looseObject({
    FunctionName: z.string(),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  }),
});

/** The variables of each function as Lambda will have them, by the function's name. */
const environments = new Map(
  ['Api', 'Notifier'].flatMap((stack) =>
    Object.values(templateOf(stage, stack).findResources('AWS::Lambda::Function')).flatMap((resource) => {
      const { data } = functionSchema.safeParse(resource);
      if (data === undefined) return [];
      const { FunctionName, Environment } = data.Properties;
      const variables = Object.entries(Environment.Variables).map(([name, value]): readonly [string, string] => [
        name,
        resolve(`afterimage-example-${stack.toLowerCase()}`, value),
      ]);
      return [[FunctionName, Object.fromEntries(variables)] as const];
    }),
  ),
);

function environmentOf(name: string): Record<string, string> {
  return environments.get(`afterimage-example-${name}`) ?? {};
}

describe.each(FUNCTIONS)('the environment of %s', (name) => {
  it('is what its schema asks for', () => {
    expect(() => loadConfig(SCHEMAS[name], environmentOf(name))).not.toThrow();
  });

  it('holds nothing that the schema does not know', () => {
    const known = Object.keys(SCHEMAS[name].shape);

    expect(Object.keys(environmentOf(name)).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('fits into the 4 KB that Lambda has for it', () => {
    const bytes = Object.entries(environmentOf(name)).reduce((sum, pair) => sum + pair.join('').length, 0);

    expect(bytes).toBeLessThan(4096);
  });

  it('names the resources by what they are', () => {
    for (const [variable, value] of Object.entries(environmentOf(name))) {
      const wanted = {
        JOB_TABLE: /^afterimage-example-jobs$/,
        JOB_REQUESTS_TOPIC_ARN: /:afterimage-example-job-requests$/,
        JOB_EVENTS_TOPIC_ARN: /:afterimage-example-job-events$/,
        LEGACY_RESULTS_TOPIC_ARN: /:afterimage-example-legacy-results$/,
        INPUT_BUCKET: /^afterimage-example-inputs-/,
        OUTPUT_BUCKET: /^afterimage-example-outputs-/,
        NOTIFICATIONS_QUEUE_URL: /\/afterimage-example-notifications$/,
        API_URL: /^https:\/\/api\.images\.example\.com$/,
      }[variable];
      expect(value).toMatch(wanted ?? /./);
    }
  });
});

describe('the environment of the console', () => {
  const [task] = Object.values(templateOf(stage, 'Admin').findResources('AWS::ECS::TaskDefinition'));
  const { ContainerDefinitions } = z
    .object({
      ContainerDefinitions: z.array(
        z.looseObject({
          Name: z.string(),
          Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
        }),
      ),
    })
    .parse(task?.['Properties']);
  const admin = ContainerDefinitions.find(({ Name }) => Name === 'admin');
  const variables = Object.fromEntries(
    (admin?.Environment ?? []).map(({ Name, Value }) => [Name, resolve('afterimage-example-admin', Value)]),
  );

  it('is what its schema asks for, with the secret that comes from Secrets Manager', () => {
    const config = loadConfig(ecsFargateAdminEnv, { ...variables, CURSOR_SECRET: 'a'.repeat(48) });

    expect(config).toMatchObject({ AUTHENTICATION: 'alb', GROUPS_TOKEN: 'access', STAGE: 'example' });
    expect(config.JOB_QUEUE_URLS).toHaveLength(2 * stage.context.pools.pools.length);
  });
});
