import * as z from 'zod';
import { parseJsonFile, PlanError } from '../plan-error.ts';

const day = z.iso.date();
const usd = z.number().nonnegative();

const price = z.strictObject({
  usd,
  /** Of what the price is, such as `GB` or `million requests`. */
  unit: z.string().min(1),
  /** Number of units that the price is for: 1000000 of a price for a million requests. */
  per: z.number().positive().default(1),
  date: day,
  source: z.string().min(1),
});

const instance = z.strictObject({
  onDemandUsd: usd,
  /** Average of a region; left out, the discount of the assumptions is taken off the On-Demand price. */
  spotUsd: usd.optional(),
  date: day,
  source: z.string().min(1),
});

/** Every price that a plan needs besides those of machines. */
export const PRICE_NAMES = [
  'ebsGp3GbMonth',
  'eksClusterHour',
  'natHour',
  'natGb',
  'lambdaRequest',
  'lambdaArmGbSecond',
  'apiGatewayRequest',
  'wafAclMonth',
  'wafRuleMonth',
  'wafRequest',
  'snsRequest',
  'sqsRequest',
  'eventBridgeEvent',
  'schedulerInvocation',
  'dynamoWriteUnit',
  'dynamoReadUnit',
  'dynamoGbMonth',
  'dynamoBackupGbMonth',
  's3GbMonth',
  's3Put',
  's3Get',
  'dataOutGb',
  'logsGb',
  'logsStoredGbMonth',
  'metricMonth',
  'alarmMonth',
  'dashboardMonth',
  'xrayTrace',
  'kmsKeyMonth',
  'kmsRequest',
  'secretMonth',
  'ecrGbMonth',
  'fargateArmVcpuHour',
  'fargateArmGbHour',
  'albHour',
  'albCapacityUnitHour',
] as const;
export type PriceName = (typeof PRICE_NAMES)[number];

const priceFileSchema = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be the name of an AWS region'),
  prices: z.partialRecord(z.enum(PRICE_NAMES), price),
  instances: z.record(z.string(), instance),
});
export type MachinePrice = z.infer<typeof instance>;

/** Prices of one region. */
export interface Prices {
  readonly region: string;
  /** Of one unit, in USD. @throws PlanError when the file has no such price */
  of(name: PriceName): number;
  unitOf(name: PriceName): string;
  /** Of an hour. @throws PlanError when the file has no such machine */
  machine(type: string): MachinePrice;
  has(type: string): boolean;
  readonly machineTypes: readonly string[];
  /** One sentence for each date that is older than `maxAgeDays` at `today`. */
  warnings(today: Date, maxAgeDays: number): string[];
}

const DAY_MS = 86_400_000;

/**
 * Reads a file of prices. A price that is not there is an error only of the plan that needs it.
 * @throws PlanError that names the file and every wrong field
 */
export function parsePrices(json: string, file: string): Prices {
  const { region, prices, instances } = parseJsonFile(priceFileSchema, json, file);
  const find = (name: PriceName) => {
    const found = prices[name];
    if (found === undefined) throw new PlanError(`${file} has no price "${name}" of ${region}, which the plan needs`);
    return found;
  };
  return {
    region,
    of: (name) => find(name).usd / find(name).per,
    unitOf: (name) => find(name).unit,
    machine(type) {
      const found = Object.hasOwn(instances, type) ? instances[type] : undefined;
      if (found !== undefined) return found;
      const known = Object.keys(instances).join(', ');
      throw new PlanError(`${file} has no price of the machine "${type}" in ${region}; it has ${known}`);
    },
    has: (type) => Object.hasOwn(instances, type),
    machineTypes: Object.keys(instances),
    warnings(today, maxAgeDays) {
      const byDate = new Map<string, string[]>();
      for (const [name, { date }] of [...Object.entries(prices), ...Object.entries(instances)]) {
        byDate.set(date, [...(byDate.get(date) ?? []), name]);
      }
      return [...byDate].flatMap(([date, names]) => {
        const ageDays = Math.floor((today.getTime() - Date.parse(date)) / DAY_MS);
        if (ageDays <= maxAgeDays) return [];
        return [
          `${names.length} prices are of ${date}, ${ageDays} days ago (more than ${maxAgeDays}): ${names.join(', ')}`,
        ];
      });
    },
  };
}
