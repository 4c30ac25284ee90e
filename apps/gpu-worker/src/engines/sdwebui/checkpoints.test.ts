import { describe, expect, it } from 'vitest';
import { findCheckpoint, isUsed } from './checkpoints.ts';
import { isSameSampler } from './samplers.ts';

const dream = {
  title: 'sd15/dreamshaper_8.safetensors [879db523c3]',
  model_name: 'sd15_dreamshaper_8',
  hash: '879db523c3',
  sha256: '879db523c3'.padEnd(64, 'a'),
  filename: '/models/Stable-diffusion/sd15/dreamshaper_8.safetensors',
};
const unhashed = {
  title: 'other.ckpt',
  model_name: 'other',
  hash: null,
  sha256: null,
  filename: 'C:\\models\\other.ckpt',
};

describe('findCheckpoint', () => {
  it.each([dream.title, dream.model_name, dream.hash, 'dreamshaper_8', 'dreamshaper_8.safetensors'])(
    'knows %s',
    (name) => {
      expect(findCheckpoint([unhashed, dream], name)).toBe(dream);
    },
  );

  it.each(['', 'dreamshaper', 'Dreamshaper_8', 'null'])('does not guess at %j', (name) => {
    expect(findCheckpoint([unhashed, dream], name)).toBeUndefined();
  });

  it('reads paths of Windows', () => {
    expect(findCheckpoint([unhashed], 'other.ckpt')).toBe(unhashed);
  });
});

describe('isUsed', () => {
  it.each([
    ['name and hash', { name: 'dreamshaper_8', hash: '879db523c3' }, true],
    ['the hash alone', { name: undefined, hash: '879DB523C3' }, true],
    ['the whole hash', { name: undefined, hash: dream.sha256 }, true],
    ['another hash', { name: 'dreamshaper_8', hash: '33e58e8668' }, false],
    ['another name', { name: 'other', hash: '879db523c3' }, false],
    ['nothing', { name: undefined, hash: undefined }, undefined],
  ])('judges by %s', (_, used, verdict) => {
    expect(isUsed(dream, used)).toBe(verdict);
  });

  it('judges by the name where the server has no hash', () => {
    expect(isUsed(unhashed, { name: 'other', hash: '33e58e8668' })).toBe(true);
    expect(isUsed(unhashed, { name: undefined, hash: '33e58e8668' })).toBeUndefined();
  });
});

describe('isSameSampler', () => {
  it.each([
    ['DPM++ 2M', 'DPM++ 2M', true],
    ['DPM++ 2M Karras', 'DPM++ 2M', true],
    ['euler a', 'Euler a', true],
    ['Euler a', 'Euler', false],
    ['DPM++ 2M', 'DPM++ 2M SDE', false],
  ])('compares %s with %s', (asked, used, verdict) => {
    expect(isSameSampler(asked, used)).toBe(verdict);
  });
});
