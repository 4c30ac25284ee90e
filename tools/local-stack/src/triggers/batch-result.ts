import * as z from 'zod';

const batchResponseSchema = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.unknown() })).nullish(),
});

/**
 * The messages of a batch that are done, by Lambda's rules for `ReportBatchItemFailures`: nothing reported means that
 * all are; an identifier that is empty, missing or not of this batch means that none is.
 * @param response what the function returned
 */
export function succeededIds(batch: readonly string[], response: unknown): readonly string[] {
  if (response === null || response === undefined) return batch;
  const parsed = batchResponseSchema.safeParse(response);
  if (!parsed.success) return typeof response === 'object' ? [] : batch;
  const failed = (parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const ids = new Set<unknown>(batch);
  if (failed.some((id) => !ids.has(id))) return [];
  return batch.filter((id) => !failed.includes(id));
}
