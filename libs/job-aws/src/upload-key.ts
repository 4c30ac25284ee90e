/** Key of an upload in the inputs bucket; the tenant is part of it, so that no other tenant's can be named. */
export function uploadKey(tenantId: string, uploadId: string): string {
  return `uploads/${tenantId}/${uploadId}`;
}
