/** Where a signer has its credentials from; temporary ones may tell when they end. */
export type CredentialSource = () => Promise<{ readonly expiration?: Date | undefined }>;

/**
 * When the credentials end, and with them whatever they have signed; null where they do not tell. It is to be read before they sign: should others take
 * their place in between, those end later.
 */
export async function endOfCredentials(source: CredentialSource): Promise<Date | null> {
  return (await source()).expiration ?? null;
}
