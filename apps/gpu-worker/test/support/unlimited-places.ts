import type { ClaimPorts } from '../../src/claim-job.ts';

/** Every tenant may have as many jobs running as it likes. */
export const UNLIMITED_PLACES: ClaimPorts['runningPlaces'] = {
  take: async (tenantId) => ({ tenantId, takenAtMs: 0 }),
  free: () => undefined,
};
