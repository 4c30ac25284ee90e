import { webhookHeaders } from '@afterimage/job-core';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signature, UnusableSecretError } from './sign.ts';

const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const body = '{"test": 2432232314}';

test('gives the signature of the Standard Webhooks test vector', () => {
  const sentAt = new Date(1_614_265_330_999);

  expect(signature({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, sentAt, secrets: [OLD] })).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('signs with every secret, so that a receiver may hold either', () => {
  const sentAt = new Date();
  const signed = signature({ id: 'evt_1', body, sentAt, secrets: [NEW, OLD] });
  const headers = {
    ...webhookHeaders({ eventId: 'evt_1', traceparent: null }, sentAt),
    'webhook-signature': signed,
  };

  expect(signed.split(' ')).toHaveLength(2);
  expect(new Webhook(NEW).verify(body, headers)).toEqual({ test: 2432232314 });
  expect(new Webhook(OLD).verify(body, headers)).toEqual({ test: 2432232314 });
});

test('does not show a secret that cannot sign', () => {
  const sign = () => signature({ id: 'evt_1', body, sentAt: new Date(), secrets: ['whsec_not base64!'] });

  expect(sign).toThrow(UnusableSecretError);
  expect(sign).not.toThrow(/base64!/);
});
