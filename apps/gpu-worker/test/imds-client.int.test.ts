import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ImdsClient } from '../src/spot/imds-client.ts';
import { startFakeImds } from './support/fake-imds.ts';

const imds = await startFakeImds();
const NEVER = new AbortController().signal;
const NOTHING = { takenBackAt: undefined, rebalanceAt: undefined };

afterAll(() => imds.stop());
beforeEach(() => {
  imds.requests.length = 0;
  for (const name of ['instanceAction', 'rebalance', 'isHanging', 'status'] as const) delete imds.script[name];
  imds.script.token = 'token-1';
});

describe('the instance metadata', () => {
  it('is nothing while there is nothing to tell, and takes one token for all requests', async () => {
    const client = new ImdsClient({ url: imds.url, fetch });

    expect(await client.spotState(NEVER)).toEqual(NOTHING);
    expect(await client.spotState(NEVER)).toEqual(NOTHING);

    expect(imds.requests.filter((request) => request.startsWith('PUT'))).toHaveLength(1);
    expect(imds.requests).toHaveLength(5);
  });

  it('tells of the time at which the machine is taken back, and of a recommendation', async () => {
    imds.script.instanceAction = '{"action": "terminate", "time": "2026-01-02T03:06:05Z"}';
    imds.script.rebalance = '{"noticeTime": "2026-01-02T03:00:00Z"}';

    expect(await new ImdsClient({ url: imds.url, fetch }).spotState(NEVER)).toEqual({
      takenBackAt: new Date('2026-01-02T03:06:05Z'),
      rebalanceAt: new Date('2026-01-02T03:00:00Z'),
    });
  });

  it('asks for a new token when the old one has run out', async () => {
    const client = new ImdsClient({ url: imds.url, fetch });
    await client.spotState(NEVER);
    imds.script.token = 'token-2';

    await expect(client.spotState(NEVER)).rejects.toThrow('answers 401');
    expect(await client.spotState(NEVER)).toEqual(NOTHING);
  });

  it('is an error when the service fails, talks nonsense or hangs', async () => {
    const client = new ImdsClient({ url: imds.url, fetch });
    imds.script.status = 500;
    await expect(client.spotState(NEVER)).rejects.toThrow('answers 500');
    delete imds.script.status;
    imds.script.instanceAction = 'soon';
    await expect(client.spotState(NEVER)).rejects.toThrow('JSON');
    imds.script.isHanging = true;

    await expect(client.spotState(NEVER)).rejects.toThrow('timeout');
  });
});
