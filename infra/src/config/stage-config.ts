import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { adminConfigSchema } from './admin-config.ts';
import { domainConfigSchema } from './domain-config.ts';

/** Retention periods that CloudWatch Logs knows, in days. */
const logRetentionDays = z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]);

/** The Lambda functions. */
export const FUNCTIONS = [
  'api-authorizer',
  'submit-api',
  'status-api',
  'wait-api',
  'webhook-api',
  'result-notifier',
  'job-reconciler',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

const network = z.strictObject({
  /** Private range of the VPC; /16 leaves each node room for its pods. */
  cidr: z.cidrv4(),
  /** One is enough for the traffic of workers; one for each zone survives the loss of a zone. */
  natGateways: z.int().min(1).max(3).default(1),
});

const api = z.strictObject({
  /** Requests of all clients together. */
  throttle: z.strictObject({ ratePerSecond: z.int().min(1).max(10_000), burst: z.int().min(1).max(5000) }),
  /** Requests of one address within five minutes, before the firewall refuses more. */
  requestsPerAddress: z.int().min(10).max(2_000_000_000).default(20_000),
  /** Left out, the API is at API Gateway's own address. */
  domain: domainConfigSchema.optional(),
});

const cluster = z.strictObject({
  /** Roles and users with all rights in the cluster, for `kubectl`. */
  adminRoleArns: z.array(z.string().startsWith('arn:', 'must be the ARN of a role or user')).default([]),
  /** Ranges that may reach the endpoint of the Kubernetes API; none: it is reachable from within the VPC alone. */
  publicAccessCidrs: z
    .array(z.cidrv4().refine((cidr) => !cidr.endsWith('/0'), 'must not be the whole internet'))
    .default([]),
});

const alarms = z.strictObject({
  /** Gets every alarm; more can subscribe to the topics. */
  email: z.email().optional(),
  /** A month's cost in US dollars, of which 80 % and 100 % are told. */
  monthlyBudgetUsd: z.number().positive().optional(),
});

const share = z.number().min(0).max(1);

/** How many requests are traced: so many a second in any case, and of the others this share. */
const sampling = z.strictObject({ perSecond: z.int().min(0).max(1000), share });

const tracing = z.strictObject({
  /** Requests that make a job or batch, whose trace the job goes on with. */
  submissions: sampling.default({ perSecond: 10, share: 0.2 }),
  /** All other requests of the API. */
  others: sampling.default({ perSecond: 1, share: 0.01 }),
  /** Share of the requests of the operators' console. */
  console: share.default(0.1),
});

const notifier = z.strictObject({
  /** A bus of EventBridge with every event of a job, for rules of your own. It is paid for by the event. */
  eventBus: z.boolean().default(false),
  /** In the guidance's form, on the topic of its results, when a job starts too. */
  runningCallbacks: z.boolean().default(false),
});

const github = z.strictObject({
  /** `owner/name`: its environment with the name of the stage may deploy. */
  repository: z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'must be owner/name of a repository'),
  /** An account has one identity provider for GitHub: `false` where another stage or system made it. */
  createProvider: z.boolean().default(true),
});
export type GitHubConfig = z.infer<typeof github>;

/** `config/<stage>.json`: what differs between deployments. */
export const stageConfigSchema = z
  .strictObject({
    /** Part of the name of everything that is deployed. */
    stage: z.string().regex(/^[a-z][a-z0-9]{0,11}$/, 'must be lower-case letters and digits, at most 12'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of an AWS region'),
    /** Deploying with credentials of another account fails. Left out, any account will do. */
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be 12 digits')
      .optional(),
    availabilityZones: z.array(z.string()).min(2).max(3),
    /** `true`: destroying the stacks destroys jobs, images and models with them. */
    deletable: z.boolean(),
    logRetentionDays,
    /** Invocations at the same time that a function can have, and that no other takes from it. */
    reservedConcurrency: z.partialRecord(z.enum(FUNCTIONS), z.int().min(1).max(10_000)).default({}),
    network,
    cluster: cluster.prefault({}),
    tracing: tracing.prefault({}),
    notifier: notifier.prefault({}),
    api,
    /** Left out, there is no operators' console. */
    admin: adminConfigSchema.optional(),
    alarms: alarms.prefault({}),
    /** Left out, the stage is deployed by people alone. */
    github: github.optional(),
  })
  .superRefine(({ region, availabilityZones, network: { natGateways } }, context) => {
    for (const [index, zone] of availabilityZones.entries()) {
      if (zone.startsWith(region) && !availabilityZones.slice(0, index).includes(zone)) continue;
      const message = `"${zone}" must be a zone of ${region}, named once`;
      context.addIssue({ code: 'custom', path: ['availabilityZones', index], message });
    }
    if (natGateways <= availabilityZones.length) return;
    const message = `must be at most the number of availability zones, ${availabilityZones.length}`;
    context.addIssue({ code: 'custom', path: ['network', 'natGateways'], message });
  });
export type StageConfig = z.infer<typeof stageConfigSchema>;

/**
 * Reads a stage's file.
 * @throws Error that names the file and every wrong field
 */
export function readStageConfig(file: string): StageConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON`, { cause });
  }
  const result = stageConfigSchema.safeParse(value);
  // A copied file that still names the other stage would deploy over it.
  if (result.success && result.data.stage !== basename(file, '.json')) {
    throw new Error(`${file} is of the stage "${result.data.stage}": a file has the name of its stage`);
  }
  if (result.success) return result.data;
  throw new Error(`${file} is not a stage's configuration:\n${z.prettifyError(result.error)}`);
}
