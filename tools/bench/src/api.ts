import { parseArgs } from 'node:util';
import { type Measured, measureLambdas } from './lambdas/index.ts';
import { describeMachine } from './machine.ts';
import { integer } from './options.ts';
import { runWaiters } from './waiters.ts';

const { values } = parseArgs({
  options: {
    'cold-runs': { type: 'string', default: '20' },
    'warm-runs': { type: 'string', default: '300' },
    waiters: { type: 'string', default: '200' },
    'idle-seconds': { type: 'string', default: '5' },
    'change-seconds': { type: 'string', default: '5' },
  },
});

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

function describe({ name, kB, bareKB, coldMs, bareColdMs, warm }: Measured): string {
  const cold = `${coldMs.toFixed(0)} ms cold (bare ${bareColdMs.toFixed(0)}), ${kB.toFixed(0)} kB (bare ${bareKB.toFixed(0)})`;
  if (warm === undefined) return `${name}: ${cold}`;
  const { calls, msP50, msP99, bareMsP50, bareMsP99 } = warm;
  const times = `${msP50.toFixed(2)} ms p50, ${msP99.toFixed(2)} ms p99 (bare ${bareMsP50.toFixed(2)}, ${bareMsP99.toFixed(2)})`;
  return `${name}: ${cold}; warm, with ${calls} calls of AWS, ${times}`;
}

console.error(describeMachine());
const lambdas = await measureLambdas({
  coldRuns: integer('cold-runs', values['cold-runs'], { min: 1, max: 1000 }),
  warmRuns: integer('warm-runs', values['warm-runs'], { min: 1, max: 500 }),
});
for (const measured of lambdas) console.error(describe(measured));
const submit = lambdas.find(({ name }) => name === 'submit-api');
if (submit?.warm === undefined) throw new Error('submit-api was not measured');
const waiting = await runWaiters({
  waiters: Number(values.waiters),
  idleSeconds: Number(values['idle-seconds']),
  changeSeconds: Number(values['change-seconds']),
});
const { waiters, idleCpu, readsPerSecond, latencyMsP50, latencyMsP99 } = waiting;
console.error(
  `${waiters} waiters in one process: ${(idleCpu * 100).toFixed(0)} % of a processor and ${readsPerSecond.toFixed(0)} reads a second while nothing happens, ` +
    `a change is told after ${latencyMsP50.toFixed(0)} ms p50, ${latencyMsP99.toFixed(0)} ms p99`,
);
console.log(
  JSON.stringify({
    bench: 'api',
    coldImportRatio: rounded(submit.coldMs / submit.bareColdMs, 2),
    warmOverheadMsP50: rounded(submit.warm.msP50 - submit.warm.bareMsP50, 2),
    submitBundleKb: rounded(submit.kB, 0),
    waiters,
    waitersIdleCpu: rounded(idleCpu, 3),
    waitersReadsPerSecond: rounded(readsPerSecond, 0),
    waitLatencyMsP50: rounded(latencyMsP50, 1),
    waitLatencyMsP99: rounded(latencyMsP99, 1),
  }),
);
