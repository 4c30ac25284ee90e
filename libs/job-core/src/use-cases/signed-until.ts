import type { SignedLink } from '../ports.ts';

/**
 * The ISO time at which a signed URL ends: `seconds` after it was signed, or with the credentials that signed it. Amazon S3 refuses a URL of temporary
 * credentials that have ended, whatever its own time is (Amazon S3 User Guide, "Sharing objects with presigned URLs").
 */
export function signedUntil({ credentialsEndAt }: SignedLink, signedAt: Date, seconds: number): string {
  const end = signedAt.getTime() + seconds * 1000;
  return new Date(Math.min(end, credentialsEndAt?.getTime() ?? end)).toISOString();
}
