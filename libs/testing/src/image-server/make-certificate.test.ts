import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from './make-certificate.ts';

describe('the certificate of the input server', () => {
  const nowMs = Date.parse('2026-01-02T03:04:05.678Z');
  const { cert, key } = makeCertificate(nowMs);
  const certificate = new X509Certificate(cert);

  it('is for loopback alone, and signed by its own key', () => {
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('holds for two days', () => {
    expect(certificate.validFromDate).toEqual(new Date('2026-01-01T03:04:05Z'));
    expect(certificate.validToDate).toEqual(new Date('2026-01-03T03:04:05Z'));
  });
});
