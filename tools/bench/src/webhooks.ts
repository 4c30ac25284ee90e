import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { integer } from './options.ts';
import { percentile } from './percentile.ts';
import { startReceiver } from './webhooks-receiver.ts';
import { startWebhooksWorld, type Tenant, type WebhooksWorld } from './webhooks-world.ts';

const WARM_UP = 40;
const ROUNDS = 4;
/** The run fails when the healthy receiver does not have everything by then. */
const TIMEOUT_MS = 300_000;
const LOOK_MS = 20;

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '1000' },
    'per-second': { type: 'string', default: '20' },
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
    const giveUpMs = performance.now() + TIMEOUT_MS;
    while (healthy.arrivals.size < deliveries) {
      if (performance.now() > giveUpMs) throw new Error(`${deliveries - healthy.arrivals.size} webhooks did not come`);
      await sleep(LOOK_MS);
    }
    const tookMs = [...healthy.arrivals].map(([jobId, [arrivedMs = 0]]) => arrivedMs - (sentMs.get(jobId) ?? 0));
    if (deadTenant === undefined) return { tookMs, dead: '' };
    const { pending = 0, ...others } = await world.countDeliveries(deadTenant);
    if (pending !== deliveries || Object.keys(others).length > 0) {
      throw new Error(`of ${deliveries} events for the dead receiver ${pending} are pending`);
    }
    return { tookMs, dead: `${dead.arrivals.size} called, at most ${dead.mostAtATime()} at a time, all kept` };
  } finally {
    await Promise.all([healthy.stop(), dead.stop()]);
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
const world = await startWebhooksWorld();
try {
  await run(world, WARM_UP, false);
  const [alone, beside]: [Run[], Run[]] = [[], []];
  // In turns, so that whatever else the machine does falls on both.
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await run(world, count / ROUNDS, false));
    beside.push(await run(world, count / ROUNDS, true));
  }
  const healthyP99MsAlone = report('healthy receiver alone', alone);
  const healthyP99MsBesideDead = report('beside a dead one', beside);
  const ratio = Math.round((healthyP99MsBesideDead / healthyP99MsAlone) * 100) / 100;
  const measured = { healthyP99MsAlone, healthyP99MsBesideDead, ratio };
  console.log(JSON.stringify({ bench: 'webhooks', deliveries: count, perSecond, ...measured }));
} finally {
  await world.stop();
}
