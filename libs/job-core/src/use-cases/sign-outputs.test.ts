import { describe, expect, it } from 'vitest';
import type { SignedLink } from '../ports.ts';
import { makeSignOutputs } from './sign-outputs.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const file = { index: 0, contentType: 'image/png', width: 8, height: 8, bytes: 1, sha256: 'ab', seed: 1 };
const outputs = [{ ...file, key: 'a.png', thumbnailKey: 'a-thumb.webp' }];

const ENDED = { status: 'succeeded', progress: null } as const;

async function sign(credentialsEndAt: Date | null, expiresAt: Date) {
  const asked: number[] = [];
  const signUrl = async (key: string, { expiresInSeconds }: { expiresInSeconds: number }): Promise<SignedLink> => {
    asked.push(expiresInSeconds);
    return { url: `https://files.example.com/${key}`, credentialsEndAt };
  };
  const signOutputs = makeSignOutputs({ outputs: { signUrl }, expiresInSeconds: 3600, now: () => NOW });
  const urls = await signOutputs({ ...ENDED, outputs, expiresAt: expiresAt.toISOString() });
  return { asked, ends: [...urls].map(([key, { expiresAt: end }]) => [key, end]) };
}

describe('the end of a signed URL', () => {
  it.each([
    ['its own time, with credentials that tell no end', null, 3600],
    ['its own time, with credentials that end later', inSeconds(7200), 3600],
    ['that of the session that signed it, when it comes sooner', inSeconds(1200), 1200],
  ])('is %s', async (_what, credentialsEndAt, seconds) => {
    const { ends } = await sign(credentialsEndAt, inSeconds(86_400));

    const end = inSeconds(seconds).toISOString();
    expect(ends).toEqual([
      ['a.png', end],
      ['a-thumb.webp', end],
    ]);
  });

  it('is that of the files, when it comes sooner, and there is none of files that are gone', async () => {
    expect(await sign(inSeconds(1200), inSeconds(600))).toMatchObject({
      asked: [600, 600],
      ends: [['a.png', inSeconds(600).toISOString()], expect.anything()],
    });
    expect((await sign(null, NOW)).ends).toEqual([]);
  });
});

describe('a preview', () => {
  const signOutputs = makeSignOutputs({
    outputs: { signUrl: async (key) => ({ url: `https://files.example.com/${key}`, credentialsEndAt: null }) },
    expiresInSeconds: 3600,
    now: () => NOW,
  });
  const progress = {
    fraction: 0.5,
    step: 10,
    steps: 20,
    image: 1,
    images: 1,
    etaSeconds: 4,
    previewUrl: null,
    previewKey: 'previews/tenant-1/job_1/1.webp',
  };
  const job = { progress, outputs: [], expiresAt: inSeconds(600).toISOString() };

  it.each(['running', 'canceling'] as const)('has a signed URL while its job is %s', async (status) => {
    expect([...(await signOutputs({ ...job, status })).keys()]).toEqual([progress.previewKey]);
  });

  it.each(['succeeded', 'failed', 'canceled', 'expired'] as const)('has none of a job that %s', async (status) => {
    expect((await signOutputs({ ...job, status })).size).toBe(0);
  });
});
