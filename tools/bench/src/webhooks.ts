import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { integer } from './options.ts';
import { percentile } from './percentile.ts';
import { startReceiver } from './webhooks-receiver.ts';
import { startWebhooksWorld, type Tenant, type WebhooksWorld } from './webhooks-world.ts';

const WARM_UP = 40;
const ROUNDS = 2;
/** The notifier gives a receiver this long, and its circuit opens after that. */
const RECEIVER_SECONDS = 15;
/** The run fails when the healthy receiver does not have everything by then. */
const TIMEOUT_MS = 300_000;
const LOOK_MS = 20;

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000' },
    'per-second': { type: 'string', default: '10' },
  },
});
const count = integer('deliveries', values.deliveries, { min: ROUNDS, max: 100_000, multipleOf: ROUNDS });
const perSecond = integer('per-second', values['per-second'], { min: 1, max: 1000 });

const rounded = (value: number) => Math.round(value * 10) / 10;

interface Run {
  /** Milliseconds from the event in the queue to the request at the healthy receiver. */
  readonly tookMs: readonly number[];
  readonly dead: string;
}

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpMs = performance.now() + TIMEOUT_MS;
  while (!(await isTrue())) {
    if (performance.now() > giveUpMs) throw new Error(`${what}: not within ${TIMEOUT_MS / 1000} s`);
    await sleep(LOOK_MS);
  }
}

/** Every event for the dead receiver has a delivery, and none of them has ended. */
async function allKept(world: WebhooksWorld, tenant: Tenant, deliveries: number): Promise<boolean> {
  const { pending = 0, ...others } = await world.countDeliveries(tenant);
  if (Object.keys(others).length > 0)
    throw new Error(`deliveries to the dead receiver ended: ${JSON.stringify(others)}`);
  return pending === deliveries;
}

/** Sends `deliveries` events at a steady pace to the healthy receiver, and as many to the dead one when there is one. */
async function run(world: WebhooksWorld, deliveries: number, isBesideDead: boolean): Promise<Run> {
  const [healthy, dead] = [await startReceiver(false), await startReceiver(true)];
  try {
    const tenant = await world.addTenant(healthy.url);
    const deadTenant = isBesideDead ? await world.addTenant(dead.url) : undefined;
    const tenants: Tenant[] = [tenant, ...(deadTenant === undefined ? [] : [deadTenant])];
    const sentMs = new Map<string, number>();
    const startMs = performance.now();
    for (let number = 0; number < deliveries; number++) {
      await sleep(Math.max(startMs + (number * 1000) / perSecond - performance.now(), 0));
      const askedMs = performance.now();
      const [jobId = ''] = await world.tell(tenants);
      sentMs.set(jobId, askedMs);
    }
    await until(`${deliveries} webhooks at the healthy receiver`, () => healthy.arrivals.size === deliveries);
    const tookMs = [...healthy.arrivals].map(([jobId, [arrivedMs = 0]]) => arrivedMs - (sentMs.get(jobId) ?? 0));
    if (deadTenant === undefined) return { tookMs, dead: '' };
    await until(`${deliveries} deliveries to the dead receiver`, () => allKept(world, deadTenant, deliveries));
    return { tookMs, dead: `${dead.arrivals.size} called, at most ${dead.mostAtATime()} at a time, all kept` };
  } finally {
    await Promise.all([healthy.stop(), dead.stop()]);
  }
}

/** On a stack of its own, so that nothing is left to do of a run before it. */
async function measure(isBesideDead: boolean): Promise<Run> {
  const world = await startWebhooksWorld();
  try {
    await run(world, WARM_UP, false);
    return await run(world, count / ROUNDS, isBesideDead);
  } finally {
    await world.stop();
  }
}

function report(name: string, runs: readonly Run[]): number {
  const tookMs = runs.flatMap((each) => each.tookMs);
  const [p50 = Number.NaN, p99 = Number.NaN, max] = [50, 99, 100].map((percent) =>
    rounded(percentile(tookMs, percent)),
  );
  console.error(`${name}: p50 ${p50} ms, p99 ${p99} ms, at most ${max} ms`);
  for (const { dead } of runs) if (dead !== '') console.error(`  dead receiver: ${dead}`);
  return p99;
}

console.error(describeMachine());
const roundSeconds = count / ROUNDS / perSecond;
if (roundSeconds < RECEIVER_SECONDS) {
  console.error(`a round of ${roundSeconds} s ends before the first requests to the dead receiver time out`);
}
const [alone, beside]: [Run[], Run[]] = [[], []];
// In turns, so that whatever else the machine does falls on both.
for (let round = 0; round < ROUNDS; round++) {
  alone.push(await measure(false));
  beside.push(await measure(true));
}
const healthyP99MsAlone = report('healthy receiver alone', alone);
const healthyP99MsBesideDead = report('beside a dead one', beside);
const ratio = Math.round((healthyP99MsBesideDead / healthyP99MsAlone) * 100) / 100;
const measured = { healthyP99MsAlone, healthyP99MsBesideDead, ratio };
console.log(JSON.stringify({ bench: 'webhooks', deliveries: count, perSecond, ...measured }));
