import { Webhook } from 'standardwebhooks';

export interface SignedMessage {
  /** The same on every attempt, so that the receiver can tell a repetition. */
  readonly id: string;
  readonly body: string;
  readonly sentAt: Date;
  /** `whsec_…`; each of them signs, so that a receiver may hold the old or the new one during a rotation. */
  readonly secrets: readonly string[];
}

/** A tenant's secret that is not `whsec_` and base64. The message does not contain it. */
export class UnusableSecretError extends Error {
  override readonly name = 'UnusableSecretError';
  readonly code = 'unusable-secret';
}

function signerOf(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new UnusableSecretError('a webhook secret of the tenant cannot sign', { cause });
  }
}

/**
 * The `webhook-signature` of Standard Webhooks (https://www.standardwebhooks.com) for one attempt.
 * @throws UnusableSecretError
 */
export function signature({ id, body, sentAt, secrets }: SignedMessage): string {
  return secrets.map((secret) => signerOf(secret).sign(id, sentAt, body)).join(' ');
}
