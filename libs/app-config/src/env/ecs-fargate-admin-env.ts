import * as z from 'zod';
import { numberFrom } from '../load-config.ts';
import { name, topicArn, queueUrl, apiUrl, logging } from './fields/names.ts';
import { queueUrls } from './fields/queue-urls.ts';
import { waiting } from './fields/waiting.ts';
import { tracing } from './fields/tracing.ts';

const groups = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((group) => group !== ''));

const poolPrices = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((entry) => entry !== ''))
  .pipe(z.array(z.string().regex(/^[a-z][a-z0-9-]*=\d+(?:\.\d+)?$/, 'must be <pool>=<US dollars>')))
  .transform(
    (entries) =>
      new Map(
        entries.map((entry) => {
          const [pool = '', dollars = ''] = entry.split('=');
          return [pool, Number(dollars)] as const;
        }),
      ),
  );

/** The environment of the operators' console. */
export const ecsFargateAdminEnv = z
  .object({
    ...logging,
    ...tracing,
    JOB_TABLE: name,
    INPUT_BUCKET: name,
    OUTPUT_BUCKET: name,
    JOB_REQUESTS_TOPIC_ARN: topicArn,
    JOB_EVENTS_TOPIC_ARN: topicArn,
    NOTIFICATIONS_QUEUE_URL: queueUrl,
    /** The queues of every pool, and all dead-letter queues, separated by commas. */
    JOB_QUEUE_URLS: queueUrls,
    DEAD_LETTER_QUEUE_URLS: queueUrls,
    /** Base URL of the public API. */
    API_URL: apiUrl,
    POOLS_FILE: name,
    /** Key of the MAC over list cursors, at least 32 characters. */
    CURSOR_SECRET: z.string().min(32),
    URL_EXPIRES_SECONDS: waiting.URL_EXPIRES_SECONDS,
    /** `true` allows webhooks to http on loopback: the local stack only. */
    ALLOW_LOOPBACK_WEBHOOKS: z.stringbool().default(false),
    /** `true` reads the traces of jobs from X-Ray. */
    XRAY_TRACES: z.stringbool().default(false),
    /** Where an operator finds a trace, with `{traceId}` to be filled in. */
    TRACE_LINK: z.string().includes('{traceId}').optional(),
    /** Where an operator finds what was logged about a job, with `{jobId}` to be filled in, and `{ageSeconds}` of the job. */
    LOGS_LINK: z.string().includes('{jobId}').optional(),
    /** The command that prints it where there is no such place, with `{jobId}` to be filled in. */
    LOGS_COMMAND: z.string().includes('{jobId}').optional(),
    /** Folder of the built page. */
    PAGE_DIRECTORY: name,
    /** Origins that signed URLs of outputs lead to, separated by commas: the page shows pictures from there. */
    IMAGE_ORIGINS: z
      .string()
      .transform((list) => list.split(',').filter((origin) => origin !== ''))
      .pipe(z.array(z.url())),
    /** What the names of the deployment's alarms begin with; alarms and queues are read from CloudWatch then. Empty = not. */
    CLOUDWATCH_ALARM_PREFIX: z.string().default(''),
    /** US dollars for an hour of a pool's worker, `<pool>=<dollars>`, separated by commas. */
    POOL_DOLLARS_PER_HOUR: poolPrices,
    /** Shown in the page: `local`, or the stage that was deployed. */
    STAGE: name,
    /** Where the operators sign in: at the load balancer, or nowhere, which is for the local stack alone. */
    AUTHENTICATION: z.enum(['alb', 'local']),
    /** With `alb`: what signs, who issued, and for whom. */
    ALB_ARN: z.string().startsWith('arn:').optional(),
    OIDC_ISSUER: z.url().optional(),
    OIDC_CLIENT_ID: name.optional(),
    /** Claim that lists an operator's groups, and the token that it is in; Cognito has `cognito:groups` in the access token. */
    GROUPS_CLAIM: name.default('cognito:groups'),
    GROUPS_TOKEN: z.enum(['identity', 'access']).default('access'),
    /** Groups that give each role, separated by commas. */
    VIEWER_GROUPS: groups,
    OPERATOR_GROUPS: groups,
    ADMIN_GROUPS: groups,
    HOST: z.string().default('0.0.0.0'),
    PORT: numberFrom({ min: 0, max: 65_535, default: 4001 }),
  })
  .superRefine((env, context) => {
    if (env.AUTHENTICATION === 'local') {
      if (env.HOST === '127.0.0.1') return;
      context.addIssue({ code: 'custom', path: ['HOST'], message: 'must be 127.0.0.1 where nobody signs in' });
      return;
    }
    for (const variable of ['ALB_ARN', 'OIDC_ISSUER', 'OIDC_CLIENT_ID'] as const) {
      if (env[variable] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [variable], message: 'must be set where operators sign in' });
    }
  });
