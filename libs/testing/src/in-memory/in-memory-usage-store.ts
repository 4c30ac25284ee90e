import type { JobUsage, UsageOfModel, UsageStore } from '@afterimage/job-core';

/** What jobs used, in a map. */
export class InMemoryUsageStore implements UsageStore {
  readonly #byJob = new Map<string, JobUsage>();

  async record(usage: JobUsage): Promise<void> {
    this.#byJob.set(`${usage.tenantId}#${usage.day}#${usage.jobId}`, usage);
  }

  async ofDay(tenantId: string, day: string): Promise<UsageOfModel[]> {
    const rows = [...this.#byJob.values()].filter((row) => row.tenantId === tenantId && row.day === day);
    const sum = (of: readonly JobUsage[], field: 'images' | 'engineMs') => of.reduce((all, row) => all + row[field], 0);
    return [...Map.groupBy(rows, ({ model }) => model)]
      .map(([model, of]) => ({ model, jobs: of.length, images: sum(of, 'images'), engineMs: sum(of, 'engineMs') }))
      .sort((a, b) => (a.model < b.model ? -1 : 1));
  }
}
