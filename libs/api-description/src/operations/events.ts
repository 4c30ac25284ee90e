import { jobTimelineSchema, type TimelineEvent } from '@afterimage/job-schemas';
import { SUCCEEDED_JOB } from '../examples.ts';
import type { Operation } from '../operation.ts';

const status = (id: string, at: string, now: Pick<Extract<TimelineEvent, { type: 'status' }>, 'status' | 'phase'>) =>
  ({ id, type: 'status', at, ...now, attempt: 1, reason: null }) as const;

const { createdAt, startedAt, finishedAt, outputs } = SUCCEEDED_JOB;
const [started, ended] = [startedAt ?? createdAt, finishedAt ?? createdAt];
const [output] = outputs;

const TIMELINE: readonly TimelineEvent[] = [
  status('1', createdAt, { status: 'queued', phase: null }),
  status('2', started, { status: 'running', phase: 'preparing' }),
  status('3', started, { status: 'running', phase: 'inferring' }),
  status('4', ended, { status: 'succeeded', phase: null }),
  ...(output === undefined ? [] : [{ id: '5', type: 'output', at: ended, output } as const]),
  { id: '6', type: 'end', at: ended, job: { ...SUCCEEDED_JOB, outputs: outputs.slice(0, 1) } },
];

const STREAM_EXAMPLE = [
  'retry: 2000',
  `id: 3.1f0c2b9d\nevent: progress\ndata: {"id":"3.1f0c2b9d","type":"progress","at":"${started}","progress":{"fraction":0.5,"step":2,"steps":4,"image":1,"images":1,"etaSeconds":1,"previewUrl":"https://files.example.com/preview.webp?X-Amz-Signature=0000"}}`,
  `id: 4\nevent: status\ndata: ${JSON.stringify(TIMELINE[3])}`,
  '',
].join('\n\n');

export const getJobEvents: Operation = {
  operationId: 'getJobEvents',
  tag: 'Jobs',
  summary: 'Follow a job',
  description:
    'With `Accept: text/event-stream` a stream of server-sent events, up to the end of the job; otherwise the timeline so far ' +
    'as JSON. A new stream begins with a `snapshot` of the job. After `Last-Event-ID` it goes on with what came later, and ' +
    'of progress tells only the latest. The data of an event is the object that the timeline shows. A comment comes every 15 s; ' +
    'after 14 minutes, and at once when the tenant reads too many streams, an event `reconnect` without an id asks the client ' +
    'to come back after `retry`.',
  parameters: ['LastEventId'],
  responses: {
    200: {
      description: 'The timeline, or a stream of its events.',
      headers: ['Vary'],
      json: { schema: jobTimelineSchema, examples: { succeeded: { data: TIMELINE, nextCursor: null } } },
      content: { type: 'text/event-stream', schema: { type: 'string' }, example: STREAM_EXAMPLE },
    },
    204: { description: 'The client of a stream has the last event: nothing will follow.', headers: ['Vary'] },
  },
  problems: ['not-found', 'not-acceptable', 'validation-failed'],
};
