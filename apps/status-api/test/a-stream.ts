import { makeGetJob, makeSignOutputs } from '@afterimage/job-core';
import { timelineEventSchema, type JobRecord, type TimelineEvent } from '@afterimage/job-schemas';
import { FakeClock, InMemoryJobStore, InMemoryOutputStore, InMemoryWaiterSlots, silentLog } from '@afterimage/testing';
import { makeEventRoutes } from '../src/events/event-routes.ts';
import { makeFollowJob } from '../src/events/follow-job.ts';
import { makeRespondWithJob } from '../src/respond-with-job.ts';
import { requestFor, WAITERS } from './bench.ts';

export const LONG = { getRemainingTimeInMillis: () => 900_000 };
const STREAM_SECONDS = 840;

/** The routes of events on in-memory ports, and a clock that only a stream's pauses move. */
export function aStreamBench() {
  const clock = new FakeClock();
  const jobs = new InMemoryJobStore();
  const slots = new InMemoryWaiterSlots(WAITERS);
  /** What happens between two looks at the job. */
  const meanwhile: (() => unknown)[] = [];
  const { now } = clock;
  const getJob = makeGetJob({ jobs, now });
  const signOutputs = makeSignOutputs({ outputs: new InMemoryOutputStore(), expiresInSeconds: 3600, now });
  const { present } = makeRespondWithJob({ signOutputs, apiUrl: 'https://api.example.com', now });
  const followJob = makeFollowJob({
    getJob,
    present,
    slots,
    now,
    sleep: async (milliseconds) => {
      clock.advance(milliseconds);
      await meanwhile.shift()?.();
    },
    monotonicMs: () => now().getTime(),
    log: silentLog,
    pollIntervalMs: 500,
  });
  const { events } = makeEventRoutes({ getJob, present, followJob, now, streamSeconds: STREAM_SECONDS });
  const ask = (job: Pick<JobRecord, 'id'>, headers: Record<string, string> = {}, context = LONG) =>
    events(requestFor(job, { accept: 'text/event-stream', ...headers }), context);

  async function open(job: Pick<JobRecord, 'id'>, headers: Record<string, string> = {}, context = LONG) {
    const answer = await ask(job, headers, context);
    if (!('chunks' in answer)) throw new Error(`the answer is no stream but ${answer.status}`);
    const leave = new AbortController();
    return { ...answer, chunks: answer.chunks(leave.signal), leave: () => leave.abort() };
  }

  /** The whole stream. */
  async function read(job: Pick<JobRecord, 'id'>, headers: Record<string, string> = {}, context = LONG) {
    const chunks: string[] = [];
    for await (const chunk of (await open(job, headers, context)).chunks) chunks.push(chunk);
    return readFrames(chunks);
  }

  return {
    clock,
    jobs,
    slots,
    meanwhile,
    events,
    ask,
    open,
    read,
    stored: async (job: JobRecord) => (await jobs.create(job)).job,
  };
}

export interface Frame {
  readonly raw: string;
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly retry: string | undefined;
  readonly event: TimelineEvent | undefined;
}

/** Reads frames of an event stream, and holds each event to its schema. */
export function readFrames(chunks: readonly string[]): Frame[] {
  return chunks.map((raw) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(raw)?.[1];
    const [name, data] = [field('event'), field('data')];
    const isEvent = name !== undefined && name !== 'reconnect';
    const event = isEvent ? timelineEventSchema.parse(JSON.parse(data ?? '')) : undefined;
    return { raw, name, id: field('id'), retry: field('retry'), event };
  });
}
