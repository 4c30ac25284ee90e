import { type ApiRequest, invalidFields, type StreamRoute } from '@afterimage/app-host/lambda';
import { type Clock, type EventPosition, type FindJob, parseEventId, timelineOf } from '@afterimage/job-core';
import type { Job, JobRecord } from '@afterimage/job-schemas';
import { acceptedType, EVENT_STREAM } from './accepted-type.ts';
import { encodeEventStream, type StreamItem } from './event-stream.ts';
import { firstEvents, type Follow } from './follow-job.ts';

export interface EventRoutesPorts {
  readonly getJob: FindJob;
  readonly present: (job: JobRecord) => Promise<Job>;
  readonly followJob: (follow: Follow, gone: AbortSignal) => AsyncIterable<StreamItem>;
  readonly now: Clock;
  /** Length of a stream at most. */
  readonly streamSeconds: number;
}

const LAST_EVENT_ID = 'Last-Event-ID';
/** Left of the invocation for the end of the stream. */
const END_RESERVE_MS = 5000;

function wrongEventId(detail: string) {
  return invalidFields([{ pointer: LAST_EVENT_ID, code: 'invalid_event_id', detail }], 'header');
}

/** Undefined for a reader that has nothing yet. @throws ProblemError for what is no id of an event */
function lastPosition(request: ApiRequest): EventPosition | undefined {
  const id = request.header(LAST_EVENT_ID) ?? '';
  if (id === '') return undefined;
  const position = parseEventId(id);
  if (position === undefined) throw wrongEventId('must be the id of an event of this job, or be left out');
  return position;
}

/** `GET /v1/jobs/{id}/events`: the timeline as JSON, or as a stream that goes on with the job. */
export function makeEventRoutes({ getJob, present, followJob, now, streamSeconds }: EventRoutesPorts) {
  const events: StreamRoute['handle'] = async (request, context) => {
    const type = acceptedType(request.header('accept'));
    const [tenantId, jobId] = [request.tenantId(), request.param('id')];
    const from = lastPosition(request);
    const record = await getJob(tenantId, jobId);
    const read = { record, job: await present(record), readAt: now() };
    const headers = { vary: 'accept' };
    if (type !== EVENT_STREAM) return { status: 200, headers, body: { data: timelineOf(read), nextCursor: null } };
    const first = firstEvents(read, from);
    if (first === undefined) throw wrongEventId(`the job ${jobId} has no such event yet`);
    // The one answer after which an EventSource does not come back by itself.
    if (first.events.length === 0 && first.isOver) return { status: 204, headers };
    const streamMs = Math.min(streamSeconds * 1000, context.getRemainingTimeInMillis() - END_RESERVE_MS);
    return {
      status: 200,
      // Proxies are asked to pass each event on as it comes.
      headers: { ...headers, 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' },
      chunks: (gone) => encodeEventStream(followJob({ tenantId, jobId, first, streamMs }, gone)),
    };
  };

  return { events };
}
