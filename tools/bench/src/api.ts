import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { runWaiters } from './waiters.ts';

const { values } = parseArgs({
  options: {
    waiters: { type: 'string', default: '200' },
    'idle-seconds': { type: 'string', default: '5' },
    'change-seconds': { type: 'string', default: '5' },
  },
});

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

console.error(describeMachine());
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
    waiters,
    waitersIdleCpu: rounded(idleCpu, 3),
    waitersReadsPerSecond: rounded(readsPerSecond, 0),
    waitLatencyMsP50: rounded(latencyMsP50, 1),
    waitLatencyMsP99: rounded(latencyMsP99, 1),
  }),
);
