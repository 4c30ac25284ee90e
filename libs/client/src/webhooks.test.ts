import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { webhooks } from './webhooks.ts';

const SECRET = `whsec_${btoa('the secret of this endpoint')}`;
const OTHER = `whsec_${btoa('the secret that comes after it')}`;
const NOW = new Date('2026-01-02T03:04:05Z');
const BODY = JSON.stringify({
  type: 'job.succeeded',
  timestamp: '2026-01-02T03:04:04.000Z',
  data: { job: { id: 'job_1', status: 'succeeded' } },
});
const nowMs = () => NOW.getTime();

interface Delivery {
  readonly sentAt?: Date;
  readonly secrets?: readonly string[];
  readonly id?: string;
}

/** What the API sends, signed by the reference implementation. */
function aDelivery({ sentAt = NOW, secrets = [SECRET], id = 'evt_1' }: Delivery = {}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, BODY)).join(' '),
  };
}

const verify = (headers: Parameters<typeof webhooks.verify>[1], secrets: string | readonly string[] = SECRET) =>
  webhooks.verify(BODY, headers, secrets, { nowMs });

describe('a right request', () => {
  const event = { ...JSON.parse(BODY), id: 'evt_1' };

  test('is read', async () => {
    expect(await verify(aDelivery())).toEqual(event);
  });

  test('may come as bytes, with Headers or in the shape of node:http', async () => {
    const { 'webhook-id': id, ...rest } = aDelivery();
    const bytes = new TextEncoder().encode(BODY);
    expect(await webhooks.verify(bytes, new Headers(aDelivery()), SECRET, { nowMs })).toEqual(event);
    expect(await verify({ 'Webhook-ID': id, ...rest })).toEqual(event);
  });

  test('holds during a rotation, whichever secret the receiver has', async () => {
    const both = aDelivery({ secrets: [OTHER, SECRET] });
    expect(await verify(both, SECRET)).toEqual(event);
    expect(await verify(both, OTHER)).toEqual(event);
    expect(await verify(aDelivery(), [OTHER, SECRET])).toEqual(event);
  });

  test('may have signatures of later versions beside its own', async () => {
    const headers = aDelivery();
    const signature = `v2,abc v1a,??? ${headers['webhook-signature']}`;
    expect(await verify({ ...headers, 'webhook-signature': signature })).toEqual(event);
  });

  test('may be as old, or as early, as the tolerance', async () => {
    for (const seconds of [-300, 300]) {
      const sentAt = new Date(NOW.getTime() + seconds * 1000);
      expect(await verify(aDelivery({ sentAt }))).toEqual(event);
    }
  });
});

describe('refuses', () => {
  const refusal = (message: string) => ({
    name: 'WebhookVerificationError',
    message: expect.stringContaining(message),
  });

  test('a delivery of 2001, however well signed', async () => {
    const headers = aDelivery({ sentAt: new Date('2001-09-09T01:46:40Z') });
    await expect(verify(headers)).rejects.toMatchObject(refusal('too far from now'));
    await expect(webhooks.verify(BODY, headers, SECRET)).rejects.toMatchObject(refusal('too far from now'));
  });

  test.each([-301, 301])('a delivery that is %d s off', async (seconds) => {
    await expect(verify(aDelivery({ sentAt: new Date(NOW.getTime() + seconds * 1000) }))).rejects.toMatchObject(
      refusal('too far from now'),
    );
  });

  test('everything when the tolerance is no number', async () => {
    await expect(
      webhooks.verify(BODY, aDelivery(), SECRET, { nowMs, toleranceSeconds: Number.NaN }),
    ).rejects.toMatchObject(refusal('too far'));
  });

  test('another secret', async () => {
    await expect(verify(aDelivery({ secrets: [OTHER] }))).rejects.toMatchObject(refusal('no signature is right'));
  });

  test('a body that was changed', async () => {
    await expect(webhooks.verify(`${BODY} `, aDelivery(), SECRET, { nowMs })).rejects.toMatchObject(
      refusal('no signature is right'),
    );
  });

  test('an id or a time that was changed', async () => {
    await expect(verify({ ...aDelivery(), 'webhook-id': 'evt_2' })).rejects.toMatchObject(
      refusal('no signature is right'),
    );
    const later = String(NOW.getTime() / 1000 + 1);
    await expect(verify({ ...aDelivery(), 'webhook-timestamp': later })).rejects.toMatchObject(
      refusal('no signature is right'),
    );
  });

  test.each([
    ['webhook-id', '', 'no webhook-id'],
    ['webhook-timestamp', 'now', 'not in seconds'],
    ['webhook-timestamp', '-1', 'not in seconds'],
    ['webhook-signature', 'v1,', 'no signature is right'],
    ['webhook-signature', 'v1,not base64!', 'no signature is right'],
    ['webhook-signature', 'v1,AAAA '.repeat(17), 'too many'],
  ])('%s: %j', async (name, value, message) => {
    await expect(verify({ ...aDelivery(), [name]: value })).rejects.toMatchObject(refusal(message));
  });

  test('no secret at all', async () => {
    await expect(verify(aDelivery(), [])).rejects.toMatchObject(refusal('no signature is right'));
  });

  test('a body that is signed but no event', async () => {
    for (const body of ['not JSON', '[]', '{"type":"job.succeeded"}']) {
      const signature = new Webhook(SECRET).sign('evt_1', NOW, body);
      const headers = { ...aDelivery(), 'webhook-signature': signature };
      await expect(webhooks.verify(body, headers, SECRET, { nowMs })).rejects.toMatchObject(refusal('the body is not'));
    }
  });

  test('a secret that is none, without showing it', async () => {
    await expect(verify(aDelivery(), 'whsec_hunter2!')).rejects.toThrow(/^a webhook secret must be whsec_ and base64$/);
  });
});
