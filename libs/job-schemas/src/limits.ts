/** The limits of the API contract that hold for every tenant (docs/api.md, section 10). */
export const LIMITS = {
  bodyBytes: 64 * 1024,
  /** `bodyBytes`: 20 KiB an item, room for the longest prompt and negative prompt in each. */
  batch: { items: 100, bodyBytes: 2 * 1024 * 1024, itemProblemBytes: 2048 },
  /** Of a request in the guidance's own form, whose images may be in it. */
  legacyBodyBytes: 1024 * 1024,
  /** The id, the prefix and the JSON of the context of such a request. */
  legacy: { idCharacters: 128, prefixCharacters: 256, contextBytes: 16 * 1024 },
  promptCharacters: 8000,
  images: { min: 1, max: 8, default: 1 },
  side: { min: 64, max: 2048, multipleOf: 8, default: 512 },
  steps: { min: 1, max: 150, default: 20 },
  guidance: { min: 0, max: 30, default: 7 },
  /** Share of the steps of image-to-image that change the image. */
  strength: { min: 0, max: 1, default: 0.75 },
  scale: { min: 1, max: 4, default: 2 },
  /** Of one input image. */
  inputImageBytes: 20 * 1024 * 1024,
  /** Input images of a workflow, and levels of objects and arrays within it. */
  workflow: { images: 8, depth: 32 },
  /** Days that an upload is kept. */
  uploadDays: 7,
  seed: { min: 0, max: 2 ** 32 - 1 },
  quality: { min: 1, max: 100, default: 90 },
  metadata: { keys: 16, keyCharacters: 64, valueCharacters: 500 },
  startWithinSeconds: { min: 10, max: 86_400, default: 3600 },
  executionTimeoutSeconds: { min: 1, max: 3600, default: 600 },
  maxAttempts: { min: 1, max: 10, default: 3 },
  retainSeconds: { min: 3600, max: 30 * 86_400, default: 7 * 86_400 },
  /** Days that the record of a job is kept after its creation. */
  recordDays: 30,
  /** A job may lose its worker (Spot, drain, lost lease) this often before it fails. */
  lostAttempts: 10,
  /** Changes of phase in one attempt that are written to the timeline. */
  recordedPhases: 16,
  waitSeconds: { min: 1, max: 25 },
  /** Requests of a tenant that wait, and streams that it reads, at the same time. */
  waiters: 20,
  listLimit: { min: 1, max: 100, default: 20 },
  idempotencyKeyCharacters: 255,
  webhookUrlCharacters: 2048,
  /** Of one tenant. */
  webhookEndpoints: { count: 20, descriptionCharacters: 200 },
  /** Of a tenant, unless its profile says otherwise; `max` is what a profile may say. */
  quotas: {
    default: { createPerMinute: 600, requestsPerMinute: 3000, queuedJobs: 1000, runningJobs: 20 },
    max: 1_000_000,
  },
  /** Days of `GET /v1/usage` at a time, and days that usage is kept. */
  usageDays: 92,
  usageKeptDays: 400,
  /** Keys that work, of one tenant, and the time that a rotated one goes on working. */
  apiKeys: {
    active: 100,
    nameCharacters: 100,
    overlapSeconds: { min: 0, max: 7 * 86_400, default: 86_400 },
  },
} as const;
