import { SealError } from '@afterimage/job-core';
import { aDelivery, aWebhookEndpoint, FakeClock } from '@afterimage/testing';
import { describe, expect, it } from 'vitest';
import { makeFindRecipient } from './recipient.ts';

const HOUR_MS = 3_600_000;

/** An endpoint whose secret was rotated now, as seen by who sends to it. */
function aRotatedEndpoint(changes: Parameters<typeof aWebhookEndpoint>[0] = {}) {
  const clock = new FakeClock();
  const ends = new Date(clock.now().getTime() + 24 * HOUR_MS).toISOString();
  const secrets = [
    { sealed: 'sealed new', expiresAt: null },
    { sealed: 'sealed old', expiresAt: ends },
  ];
  const endpoint = aWebhookEndpoint({ secrets, ...changes });
  const findRecipient = makeFindRecipient({
    tenants: { get: async () => undefined },
    endpoints: { get: async (_tenantId, id) => (id === endpoint.id ? endpoint : undefined) },
    secretBox: {
      open(sealed, context) {
        if (context !== endpoint.id || !sealed.startsWith('sealed ')) throw new SealError('another key');
        return sealed.replace('sealed ', '');
      },
    },
    now: clock.now,
  });
  const find = (eventType = 'job.succeeded', endpointId = endpoint.id) =>
    findRecipient(aDelivery({ endpointId, eventType }));
  return { clock, endpoint, find };
}

describe('an endpoint', () => {
  it('is sent to with both secrets for 24 hours after a rotation, and with the new one alone from then on', async () => {
    const { clock, endpoint, find } = aRotatedEndpoint();
    const { url } = endpoint;

    clock.advance(24 * HOUR_MS - 1);
    expect(await find()).toEqual({ kind: 'ready', url, secrets: ['new', 'old'] });
    clock.advance(1);
    expect(await find()).toEqual({ kind: 'ready', url, secrets: ['new'] });
  });

  it('is sent to where it is by now', async () => {
    const { find } = aRotatedEndpoint({ url: 'https://moved.example.com/' });

    expect(await find()).toMatchObject({ url: 'https://moved.example.com/' });
  });

  it('that is disabled can be tested, and gets no events; one that is gone gets nothing', async () => {
    const { find } = aRotatedEndpoint({ disabledReason: 'gone', disabledAt: '2026-01-01T00:00:00.000Z' });

    expect(await find()).toEqual({ kind: 'refused', error: 'the endpoint is disabled' });
    expect(await find('webhook.test')).toMatchObject({ kind: 'ready' });
    expect(await find('webhook.test', 'whe_other')).toEqual({ kind: 'refused', error: 'the endpoint was deleted' });
  });

  it('that was made again under its key gets nothing of the deleted one', async () => {
    const createdAt = new Date(Date.parse(aDelivery().createdAt) + HOUR_MS).toISOString();
    const { find } = aRotatedEndpoint({ createdAt });

    expect(await find()).toEqual({ kind: 'refused', error: 'the endpoint was deleted' });
  });

  it('whose secret cannot be opened is told what to do', async () => {
    const { find } = aRotatedEndpoint({ secrets: [{ sealed: 'of another key', expiresAt: null }] });

    expect(await find()).toEqual({ kind: 'refused', error: 'the secret of the endpoint cannot be read, rotate it' });
  });
});
