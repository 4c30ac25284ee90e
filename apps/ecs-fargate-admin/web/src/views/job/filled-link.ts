export interface LinkFacts {
  readonly jobId: string;
  readonly traceId: string | null;
  /** Since the job was created. */
  readonly ageMs: number;
}

/** An address that changes with every second cannot be clicked with peace of mind. */
const AGE_STEP_SECONDS = 300;

/** The address that a template of the session leads to for a job; null where it leads nowhere. */
export function filledLink(template: string | null, { jobId, traceId, ageMs }: LinkFacts): string | null {
  if (template === null || (traceId === null && template.includes('{traceId}'))) return null;
  const ageSeconds = (Math.floor(ageMs / 1000 / AGE_STEP_SECONDS) + 1) * AGE_STEP_SECONDS;
  return template
    .replaceAll('{jobId}', encodeURIComponent(jobId))
    .replaceAll('{traceId}', encodeURIComponent(traceId ?? ''))
    .replaceAll('{ageSeconds}', String(ageSeconds));
}
