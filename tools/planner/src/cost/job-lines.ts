import type { Assumptions } from '../assumptions.ts';
import type { Prices } from '../prices/price-file.ts';
import { type CostLine, priced } from './cost-line.ts';
import { writeUnitsOfJob } from './table-writes.ts';

const KB_PER_GB = 1024 ** 2;
const MONTH_DAYS = 30.4;
/** A strongly consistent read of up to 4 KB is one unit. */
const READ_UNIT_KB = 4;
/** A wait looks at its job this often. */
const WAIT_LOOK_SECONDS = 0.5;
const MEMORY_GB = { function: 0.5, wait: 0.25 } as const;
/** Sends of SNS, receives with a share of what other queue is asked, visibility, deletes; of job and event. */
const SQS_CALLS = { send: 2, receive: 2.2, delete: 1.2 } as const;
const SNS_CALLS = 2;
/** A worker puts a preview this often, none before the first time is over, and deletes it for nothing. */
const PREVIEW_SECONDS = 2;
const DATA_KEY_SECONDS = 300;
const MONTH_SECONDS = 2_628_000;

export interface JobFacts {
  readonly jobs: number;
  readonly images: number;
  /** Engine time of a job. */
  readonly jobSeconds: number;
  /** From its arrival to its end, on average. */
  readonly turnaroundSeconds: number;
  /** Hours of workers that ask both queues with long polls, and get nothing. */
  readonly idlePodHours: number;
}

/** What is paid by the job, outside the machines. */
export function jobLines(prices: Prices, assumed: Assumptions, facts: JobFacts): CostLine[] {
  const { jobs, images, jobSeconds, turnaroundSeconds, idlePodHours } = facts;
  const requests = jobs * (1 + assumed.readsPerJob + assumed.waitsPerJob);
  const notified = jobs;
  const gbSeconds = (milliseconds: number, calls: number, gb: number = MEMORY_GB.function) =>
    (milliseconds / 1000) * calls * gb;
  const waitSeconds = Math.min(60, turnaroundSeconds);
  const seconds =
    gbSeconds(assumed.authorizerMs, requests) +
    gbSeconds(assumed.submitMs, jobs) +
    gbSeconds(assumed.readMs, jobs * assumed.readsPerJob) +
    gbSeconds(assumed.notifierMs, notified) +
    gbSeconds(waitSeconds * 1000, jobs * assumed.waitsPerJob, MEMORY_GB.wait);
  const readUnits = Math.max(1, Math.ceil(assumed.jobItemKb / READ_UNIT_KB));
  const looks = assumed.readsPerJob + assumed.waitsPerJob * (1 + waitSeconds / WAIT_LOOK_SECONDS);
  const imageGb = (images * assumed.imageKb) / KB_PER_GB;
  const line = (group: CostLine['group'], service: string, what: string) =>
    ({ group, service, what, isFixed: false }) as const;
  return [
    priced(prices, line('api', 'API Gateway', 'requests'), 'apiGatewayRequest', requests),
    priced(prices, line('api', 'WAF', 'requests'), 'wafRequest', requests),
    priced(prices, line('functions', 'Lambda', 'invocations'), 'lambdaRequest', requests * 2 + notified),
    priced(prices, line('functions', 'Lambda', 'memory and time'), 'lambdaArmGbSecond', seconds),
    priced(prices, line('messaging', 'SNS', 'jobs and events'), 'snsRequest', jobs * SNS_CALLS),
    priced(
      prices,
      line('messaging', 'SQS', 'sends, receives, deletes'),
      'sqsRequest',
      jobs * (SQS_CALLS.send + SQS_CALLS.receive + SQS_CALLS.delete) + (idlePodHours * 3600 * 2) / 20,
    ),
    priced(
      prices,
      line('messaging', 'EventBridge', 'events on the bus'),
      'eventBridgeEvent',
      jobs * assumed.busEventsPerJob,
    ),
    priced(
      prices,
      line('messaging', 'KMS', 'data keys of the topics'),
      'kmsRequest',
      Math.min(jobs * SNS_CALLS, (MONTH_SECONDS / DATA_KEY_SECONDS) * SNS_CALLS),
    ),
    priced(
      prices,
      line('table', 'DynamoDB', 'write units'),
      'dynamoWriteUnit',
      jobs * writeUnitsOfJob(assumed.jobItemKb, jobSeconds),
    ),
    priced(
      prices,
      line('table', 'DynamoDB', 'read units'),
      'dynamoReadUnit',
      // Each request reads its key.
      jobs * looks * readUnits + requests,
    ),
    ...tableStorage(prices, assumed, jobs),
    priced(prices, line('storage', 'S3', 'images put'), 's3Put', images),
    priced(prices, line('storage', 'S3', 'previews put'), 's3Put', jobs * Math.floor(jobSeconds / PREVIEW_SECONDS)),
    priced(prices, line('storage', 'S3', 'images read'), 's3Get', images * assumed.downloadsPerImage),
    priced(
      prices,
      line('storage', 'S3', `images kept ${assumed.retentionDays} days`),
      's3GbMonth',
      imageGb * (assumed.retentionDays / MONTH_DAYS),
    ),
    priced(prices, line('transfer', 'Internet', 'images out'), 'dataOutGb', imageGb * assumed.downloadsPerImage),
    priced(prices, line('transfer', 'NAT', 'data of the workers'), 'natGb', (jobs * assumed.natKbPerJob) / KB_PER_GB),
    priced(prices, line('observability', 'CloudWatch', 'logs'), 'logsGb', (jobs * assumed.logKbPerJob) / KB_PER_GB),
    priced(prices, line('observability', 'X-Ray', 'traces'), 'xrayTrace', requests * assumed.tracedShare),
  ];
}

/** Jobs are in the table and, whole, in two indexes. Recovery to a point in time is paid by the table's own size. */
function tableStorage(prices: Prices, { jobItemKb, recordDays }: Assumptions, jobs: number): CostLine[] {
  const tableGb = (jobs * jobItemKb * (recordDays / MONTH_DAYS)) / KB_PER_GB;
  const text = { group: 'table', service: 'DynamoDB', isFixed: false } as const;
  return [
    priced(prices, { ...text, what: 'jobs and indexes kept' }, 'dynamoGbMonth', tableGb * 3),
    priced(prices, { ...text, what: 'recovery to a point in time' }, 'dynamoBackupGbMonth', tableGb),
  ];
}
