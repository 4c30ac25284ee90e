import { parseJsonFile, PlanError } from './plan-error.ts';
import * as z from 'zod';

interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** What it is, and where the number comes from. */
  readonly about: string;
}

const share = { unit: 'share', min: 0, max: 1 } as const;
const seconds = { unit: 's', min: 0, max: 3600 } as const;
const count = { unit: '', min: 0, max: 1000 } as const;
const kb = { unit: 'KB', min: 0, max: 1_000_000 } as const;
const ms = { unit: 'ms', min: 0, max: 900_000 } as const;
const gb = { unit: 'GB', min: 0, max: 1_000_000 } as const;

/** Everything that a plan takes for granted. Each one can be overridden by its name. */
export const ASSUMPTIONS = {
  imagesPerJob: { value: 1, unit: 'images', min: 1, max: 16, about: 'images that a job makes' },
  batchShare: { value: 0, ...share, about: 'of the jobs in the batch queue' },
  gapSeconds: { value: 0.0035, ...seconds, about: 'between two jobs of a worker: docs/benchmarks.md, 3.1 to 3.6 ms' },
  batchingSeconds: { value: 2, ...seconds, about: 'until Karpenter asks EC2; it gathers pods for 1 to 10 s' },
  nodeStartP50: { value: 45, ...seconds, about: 'from EC2 to a node that is ready; 45 s tuned, 65 s as it comes' },
  nodeStartP95: { value: 65, ...seconds, about: 'the same, of the slowest twentieth' },
  sociPullP50: {
    value: 60,
    ...seconds,
    about: 'pull of the images with the cache "soci"; plain pulls of 10 GB take 180 s',
  },
  sociPullP95: { value: 100, ...seconds, about: 'the same, of the slowest twentieth' },
  snapshotPullP50: { value: 5, ...seconds, about: 'start of the containers with the cache "snapshot"' },
  snapshotPullP95: { value: 15, ...seconds, about: 'the same, of the slowest twentieth' },
  s3LoadP50: { value: 14.5, ...seconds, about: 'load of the model by Mountpoint for S3; measured by the AWS guidance' },
  s3LoadP95: { value: 30, ...seconds, about: 'the same, of the slowest twentieth' },
  efsLoadP50: { value: 25.1, ...seconds, about: 'load of the model from EFS; measured by the AWS guidance' },
  efsLoadP95: { value: 45, ...seconds, about: 'the same, of the slowest twentieth' },
  spotDiscount: {
    value: 0.5,
    ...share,
    about: 'of On-Demand, where the prices have none; 46 to 56 % were paid for g5 and g6',
  },
  interruptionsPerHour: {
    value: 0.01,
    unit: '/h',
    min: 0,
    max: 60,
    about: 'of a machine on Spot; no figure is published',
  },
  spotUnavailableShare: { value: 0.02, ...share, about: 'of starts on Spot that find no machine' },
  authorizerMs: { value: 15, ...ms, about: 'of the authorizer, at each request' },
  submitMs: { value: 60, ...ms, about: 'of taking a job' },
  readMs: { value: 25, ...ms, about: 'of a read' },
  readsPerJob: { value: 1, ...count, about: 'reads of a client for each job: status or content' },
  waitsPerJob: { value: 1, ...count, about: 'waits of a client for each job; 0 with webhooks' },
  notifierMs: { value: 60, ...ms, about: 'of the notifier for each job' },
  reconcilerMs: { value: 200, ...ms, about: 'of the reconciler, every minute' },
  jobItemKb: { value: 3, ...kb, about: 'of a job in the table, prompt and timeline included' },
  busEventsPerJob: { value: 0, ...count, about: 'on the event bus, for stages that have one' },
  imageKb: { value: 150, ...kb, about: 'of an image; that of the AWS guidance' },
  retentionDays: { value: 7, unit: 'days', min: 0, max: 30, about: 'that images are kept; the default of the API' },
  recordDays: { value: 30, unit: 'days', min: 0, max: 30, about: 'that jobs are kept' },
  downloadsPerImage: { value: 1, ...count, about: 'of each image, over the internet' },
  logKbPerJob: { value: 8, ...kb, about: 'of log lines and metrics in them, of all services' },
  clusterLogGb: { value: 5, ...gb, about: 'of the cluster, functions and flow logs without any job' },
  tracedShare: { value: 0.05, ...share, about: 'of requests that X-Ray keeps' },
  natKbPerJob: {
    value: 30,
    ...kb,
    about: 'of the workers through NAT: SQS, SNS and STS; S3 and DynamoDB go around it',
  },
  natBaseGb: { value: 20, ...gb, about: 'of the cluster through NAT: registry, APIs, logs' },
  modelsGb: { value: 7, ...gb, about: 'of models in S3' },
  imagesGb: { value: 20, ...gb, about: 'of container images in ECR' },
  systemNodes: { value: 2, ...count, about: 'nodes of controllers: t4g.large' },
  natGateways: { value: 1, unit: '', min: 0, max: 3, about: 'network.natGateways of the stage' },
  metrics: { value: 60, ...count, about: 'metrics of our own in CloudWatch' },
  alarms: { value: 46, ...count, about: 'alarms of a stage with two pools' },
  consoleTasks: {
    value: 0,
    unit: '',
    min: 0,
    max: 10,
    about: "tasks of the operators' console; 0: it is not deployed",
  },
} as const satisfies Record<string, Assumption>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export type Assumptions = Readonly<Record<AssumptionName, number>>;

const overridesSchema = z.record(z.string(), z.number());

function isKnown(name: string): name is AssumptionName {
  return Object.hasOwn(ASSUMPTIONS, name);
}

/** @throws PlanError that names the assumption, the value and the limits */
export function withOverrides(overrides: Readonly<Record<string, number>>): Assumptions {
  const values: Record<string, number> = Object.fromEntries(
    Object.entries(ASSUMPTIONS).map(([name, { value }]) => [name, value]),
  );
  for (const [name, value] of Object.entries(overrides)) {
    if (!isKnown(name)) {
      throw new PlanError(`"${name}" is no assumption`, {
        lines: [`there are ${Object.keys(ASSUMPTIONS).join(', ')}`],
      });
    }
    const { min, max } = ASSUMPTIONS[name];
    if (!(value >= min && value <= max)) throw new PlanError(`${name} is ${value}, must be from ${min} to ${max}`);
    values[name] = value;
  }
  return assumptionsSchema.parse(values);
}

const names = z.enum(Object.keys(ASSUMPTIONS).filter(isKnown));
const assumptionsSchema = z.record(names, z.number());

/** A JSON object of numbers by the names of assumptions. @throws PlanError that names the file and what is wrong */
export function parseAssumptionsFile(json: string, file: string): Record<string, number> {
  return parseJsonFile(overridesSchema, json, file);
}
