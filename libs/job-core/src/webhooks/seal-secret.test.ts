import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeSecretBox, SealError } from './seal-secret.ts';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

test('opens what it sealed, which does not show the secret and is never the same', () => {
  const box = makeSecretBox([NEW], randomBytes);
  const [first, second] = [box.seal(SECRET, 'whe_1'), box.seal(SECRET, 'whe_1')];

  expect(box.open(first, 'whe_1')).toBe(SECRET);
  expect(first).not.toContain(SECRET.slice(6));
  expect(first).not.toBe(second);
});

test('opens what an older key sealed', () => {
  const sealed = makeSecretBox([OLD], randomBytes).seal(SECRET, 'whe_1');

  expect(makeSecretBox([NEW, OLD], randomBytes).open(sealed, 'whe_1')).toBe(SECRET);
  expect(() => makeSecretBox([NEW], randomBytes).open(sealed, 'whe_1')).toThrow(SealError);
});

test('does not open it for another owner, changed, or cut', () => {
  const box = makeSecretBox([NEW], randomBytes);
  const sealed = box.seal(SECRET, 'whe_1');

  expect(() => box.open(sealed, 'whe_2')).toThrow(SealError);
  expect(() => box.open(sealed.slice(0, -4), 'whe_1')).toThrow(SealError);
  expect(() => box.open(sealed.slice(0, -24).concat('A'.repeat(24)), 'whe_1')).toThrow(SealError);
  expect(() => box.open('', 'whe_1')).toThrow(SealError);
});
