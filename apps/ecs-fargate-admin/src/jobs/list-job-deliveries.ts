import { deliveryQuerySchema } from '@afterimage/admin-schemas';
import { type DeliveryStore, type JobStore, presentDelivery, type WebhookEndpointStore } from '@afterimage/job-core';
import { deliveryId, isTerminal, jobEventId, type JobRecord } from '@afterimage/job-schemas';
import type { AdminHandler } from '../api/admin-request.ts';
import { findAnyJob } from './get-job.ts';

export interface ListJobDeliveriesPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly endpoints: Pick<WebhookEndpointStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'get'>;
}

/** Events of one job that are looked up, the latest: with every attempt there is one more. */
const MAX_EVENTS = 20;

/** The versions of the job that an event told of: each entry of the timeline is one version more. */
function versionsWithEvent({ version, status, erasedAt, timeline }: JobRecord): number[] {
  const told = timeline.flatMap((entry, index) =>
    entry.status !== undefined && (index === 0 || entry.status === 'running') ? [index + 1] : [],
  );
  const last = erasedAt === null ? version : version - 1;
  const versions = new Set([1, ...told, ...(isTerminal(status) ? [last] : [])]);
  return [...versions].toSorted((a, b) => b - a).slice(0, MAX_EVENTS);
}

/**
 * `GET /jobs/:id/deliveries`. The id of a delivery follows from the event and the target, so that a look costs one read for
 * each of both, however many deliveries the endpoints have had.
 */
export function makeListJobDeliveries({ jobs, endpoints, deliveries }: ListJobDeliveriesPorts): AdminHandler {
  return async function listJobDeliveries(request) {
    const { status } = request.query(deliveryQuerySchema);
    const job = await findAnyJob(jobs, request.param('id'));
    const targets = (await endpoints.list(job.tenantId)).map(({ id }) => id);
    if (job.webhook !== null) targets.push(job.webhook.url);
    const ids = versionsWithEvent(job).flatMap((version) =>
      targets.map((target) => deliveryId(jobEventId(job.id, version), target)),
    );
    const found = await Promise.all(ids.map((id) => deliveries.get(id)));
    const data = found
      .filter((delivery) => delivery !== undefined)
      .filter((delivery) => status === undefined || delivery.status === status)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
      .map(presentDelivery);
    return { body: { data, nextCursor: null } };
  };
}
