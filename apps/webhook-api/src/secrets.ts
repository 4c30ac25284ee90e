import type { SecretBox } from '@afterimage/job-core';
import { after } from '@afterimage/job-core';
import type { WebhookEndpointRecord } from '@afterimage/job-schemas';

const SECRET_BYTES = 32;
/** How long the secret before the last rotation still signs. */
const OVERLAP_SECONDS = 86_400;

export interface NewSecret {
  /** `whsec_…`, shown once. */
  readonly secret: string;
  readonly secrets: WebhookEndpointRecord['secrets'];
}

export interface SecretPorts {
  readonly secretBox: Pick<SecretBox, 'seal'>;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Draws a secret for an endpoint and puts it before those that it had, which go on for a day. */
export function makeAddSecret({ secretBox, randomBytes }: SecretPorts) {
  return function addSecret(endpointId: string, before: WebhookEndpointRecord['secrets'], now: Date): NewSecret {
    const secret = `whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
    const sealed = secretBox.seal(secret, endpointId);
    const overlapEnds = after(now, OVERLAP_SECONDS);
    const old = before
      .map((each) => ({ ...each, expiresAt: each.expiresAt ?? overlapEnds }))
      .filter(({ expiresAt }) => expiresAt > now.toISOString());
    return { secret, secrets: [{ sealed, expiresAt: null }, ...old] };
  };
}
