import { expect, it } from 'vitest';
import { Autoscaler } from './autoscaler.ts';

const rules = { min: 0, max: 20, pollSeconds: 10, idleSeconds: 300 };

it('wakes with one pod, then doubles or adds four pods in 15 s, whichever is more', () => {
  const scaler = new Autoscaler(rules);
  scaler.poll(10, 100);
  const seen = [15, 30, 45].map((now) => {
    scaler.sync(now, 100);
    return scaler.replicas;
  });

  expect(seen).toEqual([5, 10, 20]);
});

it('takes away no pod for five minutes after the last need, then a tenth or one a minute', () => {
  const scaler = new Autoscaler({ ...rules, min: 1 });
  for (let now = 15; now <= 60; now += 15) scaler.sync(now, 20);
  const replicas = new Map<number, number>();
  for (let now = 75; now <= 600; now += 15) {
    scaler.sync(now, 1);
    replicas.set(now, scaler.replicas);
  }

  expect(replicas.get(345)).toBe(20);
  expect(replicas.get(360)).toBe(18);
  expect(replicas.get(405)).toBe(18);
  expect(replicas.get(420)).toBe(16);
});

it('leaves a difference of a tenth alone', () => {
  const scaler = new Autoscaler({ ...rules, min: 10 });
  scaler.sync(15, 10.9);

  expect(scaler.replicas).toBe(10);
});

it('goes to zero after the idle time, and not while there is a job', () => {
  const scaler = new Autoscaler(rules);
  scaler.poll(10, 1);
  scaler.poll(309, 0);
  expect(scaler.replicas).toBe(1);
  scaler.poll(310, 0);
  expect(scaler.replicas).toBe(0);
});
