export interface LinkIds {
  readonly jobId: string;
  readonly traceId: string | null;
}

/** The address that a template of the session leads to for a job; null where it leads nowhere. */
export function filledLink(template: string | null, { jobId, traceId }: LinkIds): string | null {
  if (template === null || (traceId === null && template.includes('{traceId}'))) return null;
  return template
    .replaceAll('{jobId}', encodeURIComponent(jobId))
    .replaceAll('{traceId}', encodeURIComponent(traceId ?? ''));
}
