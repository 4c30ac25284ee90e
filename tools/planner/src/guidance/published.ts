import type { CostGroup } from '../cost/cost-line.ts';

/** A line of the table that the AWS guidance publishes. */
export interface PublishedLine {
  readonly group: CostGroup;
  readonly what: string;
  readonly isFixed: boolean;
  /** From their assumptions. */
  readonly quantity: number;
  readonly unit: string;
  readonly unitUsd: number;
  /** As the table has it. */
  readonly publishedUsd: number;
}

/** What the guidance assumes for its million images. */
export const GUIDANCE = {
  source:
    'Guidance for Asynchronous Image Generation with Stable Diffusion on AWS, README, cost (March 2026, us-west-2)',
  images: 1_000_000,
  secondsPerImage: 1.5,
  spotUsd: 0.53,
  requestKb: 16,
  imageKb: 150,
  lambdaGbSeconds: 12_500,
  monthHours: 720,
  publishedVariableUsd: 240,
  publishedFixedUsd: 189.5,
} as const;

const { images, secondsPerImage, requestKb, imageKb } = GUIDANCE;
const millions = images / 1e6;
/** Theirs: 16 KB a request is 7.62 GB for half a million of requests. */
const NOTIFIED_SHARE = 0.5;
const KB_PER_GB = 1024 ** 2;

const variable = (
  group: CostGroup,
  what: string,
  rest: Pick<PublishedLine, 'quantity' | 'unit' | 'unitUsd' | 'publishedUsd'>,
) => ({ group, what, isFixed: false, ...rest }) as const;

/**
 * Their table. Of March 2026 the totals and the line of EC2 are published with new figures; the other lines are those of the edition before,
 * which add up to the same total. SNS has two million requests at $0.50 a million, and half of what that is.
 */
export const PUBLISHED_LINES: readonly PublishedLine[] = [
  variable('gpu', 'EC2 g5.2xlarge or g6.2xlarge, Spot', {
    quantity: (images * secondsPerImage) / 3600,
    unit: 'hour',
    unitUsd: GUIDANCE.spotUsd,
    publishedUsd: 221,
  }),
  variable('api', 'API Gateway', { quantity: millions, unit: 'million requests', unitUsd: 3.5, publishedUsd: 3.5 }),
  variable('functions', 'Lambda, memory and time', {
    quantity: GUIDANCE.lambdaGbSeconds * millions,
    unit: 'GB-second',
    unitUsd: 0.000_016_666_7,
    publishedUsd: 0.21,
  }),
  variable('functions', 'Lambda, requests', { quantity: millions, unit: 'million', unitUsd: 0.2, publishedUsd: 0.2 }),
  variable('messaging', 'SNS, requests', { quantity: millions, unit: 'million', unitUsd: 0.5, publishedUsd: 0.5 }),
  variable('messaging', 'SNS, data transfer', {
    quantity: (images * requestKb * NOTIFIED_SHARE) / KB_PER_GB,
    unit: 'GB',
    unitUsd: 0.09,
    publishedUsd: 0.68,
  }),
  variable('messaging', 'SQS', { quantity: 2 * millions, unit: 'million requests', unitUsd: 0.4, publishedUsd: 0.8 }),
  variable('storage', 'S3, puts', { quantity: (2 * images) / 1000, unit: '1,000', unitUsd: 0.005, publishedUsd: 10 }),
  variable('storage', 'S3, images kept a month', {
    quantity: (images * imageKb) / KB_PER_GB,
    unit: 'GB-month',
    unitUsd: 0.023,
    publishedUsd: 3.29,
  }),
  {
    group: 'cluster',
    what: 'EKS control plane',
    isFixed: true,
    quantity: GUIDANCE.monthHours,
    unit: 'hour',
    unitUsd: 0.1,
    publishedUsd: 72,
  },
  {
    group: 'cluster',
    what: 'EC2 m7g.large On-Demand, two nodes',
    isFixed: true,
    quantity: 2 * GUIDANCE.monthHours,
    unit: 'hour',
    unitUsd: 0.0816,
    publishedUsd: 117.5,
  },
];
