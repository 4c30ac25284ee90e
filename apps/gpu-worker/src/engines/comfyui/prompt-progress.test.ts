import { FakeClock } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import type { EngineProgress } from '../engine.ts';
import { PromptProgress } from './prompt-progress.ts';

const SECOND = 1000;

function watch(sampler?: { node: string; steps: number }) {
  const clock = new FakeClock();
  const told: EngineProgress[] = [];
  const progress = new PromptProgress({
    image: 1,
    images: 1,
    nodes: 4,
    sampler,
    time: { monotonicMs: () => clock.now().getTime() },
    loadMs: 600 * SECOND,
    silenceMs: 120 * SECOND,
    onProgress: (event) => told.push(event),
  });
  const event = (type: string, data: Record<string, unknown>) => progress.onEvent({ type, data });
  return { clock, progress, event, steps: () => told.map(({ step, steps }) => `${step}/${steps}`) };
}

describe('PromptProgress', () => {
  it('tells the steps of the sampler in units of the job, and nothing of other nodes', () => {
    const { event, steps } = watch({ node: 's', steps: 20 });
    event('executing', { node: 'loader' });
    event('progress', { node: 's', value: 5, max: 10 });
    event('progress', { node: 'other', value: 1, max: 2 });

    expect(steps()).toEqual(['10/20']);
  });

  it('counts the nodes of a workflow alike, and never goes back', () => {
    const { event, steps } = watch();
    event('execution_cached', { nodes: ['1'] });
    event('executing', { node: '2' });
    event('progress', { node: '2', value: 1, max: 2 });
    event('executing', { node: '3' });
    event('progress', { node: '3', value: 1, max: 4 });

    expect(steps()).toEqual(['100/400', '150/400', '200/400', '225/400']);
  });

  it('gives a node that has not stepped time to load, and one that has less', () => {
    const { clock, progress, event } = watch();
    progress.setConnected(true);
    event('executing', { node: '2' });
    clock.advance(500 * SECOND);
    expect(progress.isStuck).toBe(false);
    event('progress', { node: '2', value: 1, max: 9 });
    clock.advance(121 * SECOND);
    expect(progress.isStuck).toBe(true);
    event('progress', { node: '2', value: 1, max: 9 });
    expect(progress.isStuck).toBe(true);
    event('progress', { node: '2', value: 2, max: 9 });
    expect(progress.isStuck).toBe(false);
  });

  it('judges by no connection that is closed, has told nothing, or is new', () => {
    const { clock, progress, event } = watch();
    clock.advance(9000 * SECOND);
    expect(progress.isStuck).toBe(false);
    progress.setConnected(true);
    clock.advance(9000 * SECOND);
    expect(progress.isStuck).toBe(false);
    event('executing', { node: '2' });
    event('progress', { node: '2', value: 1, max: 9 });
    clock.advance(9000 * SECOND);
    expect(progress.isStuck).toBe(true);
    progress.setConnected(false);
    expect(progress.isStuck).toBe(false);
    progress.setConnected(true);
    expect(progress.isStuck).toBe(false);
  });

  it('takes the end of the events for a hint', () => {
    const { progress, event } = watch();
    event('executing', { node: '2' });
    expect(progress.ended.aborted).toBe(false);
    event('executing', { node: null });
    expect(progress.ended.aborted).toBe(true);
  });
});
