import { createHash } from 'node:crypto';
import type { DeadLetter } from '@afterimage/admin-schemas';
import type { DeliveryStore, JobStore } from '@afterimage/job-core';
import { idPattern, type JobRecord, prioritySchema } from '@afterimage/job-schemas';
import * as z from 'zod';
import type { HeldMessage } from '../queues/operator-queues.ts';
import { readJson } from './read-json.ts';

const JOB_ID = idPattern('job');

/** All that is needed of what was too broken for its reader. */
const jobLetterSchema = z.object({
  jobId: z.string().regex(JOB_ID),
  pool: z.string().optional().catch(undefined),
  priority: prioritySchema.optional().catch(undefined),
  attempt: z.int().optional().catch(undefined),
});
const deliveryLetterSchema = z.object({ deliveryId: z.string().regex(idPattern('whd')), attempt: z.int() });
const eventLetterSchema = z.object({ type: z.string(), subject: z.string(), tenantid: z.string() });

/** What a dead letter is, by its content. */
export type Letter =
  | ({ readonly kind: 'job' } & z.infer<typeof jobLetterSchema>)
  | ({ readonly kind: 'delivery' } & z.infer<typeof deliveryLetterSchema>)
  | ({ readonly kind: 'event' } & z.infer<typeof eventLetterSchema>)
  | { readonly kind: 'unreadable' };

export function readLetter(body: string): Letter {
  const value = readJson(body);
  const job = jobLetterSchema.safeParse(value).data;
  if (job !== undefined) return { kind: 'job', ...job };
  const delivery = deliveryLetterSchema.safeParse(value).data;
  if (delivery !== undefined) return { kind: 'delivery', ...delivery };
  const event = eventLetterSchema.safeParse(value).data;
  return event === undefined ? { kind: 'unreadable' } : { kind: 'event', ...event };
}

/** A dead letter with what is known of it. */
export interface ExplainedLetter {
  readonly message: HeldMessage;
  readonly letter: Letter;
  readonly cause: string;
  readonly groupId: string;
  readonly view: DeadLetter;
}

export interface ExplainLetterPorts {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly deliveries: Pick<DeliveryStore, 'get'>;
}

type About = Pick<ExplainedLetter, 'cause'> & Pick<DeadLetter, 'jobId' | 'tenantId'>;

function causeOfJob(job: JobRecord | undefined): string {
  if (job === undefined) return 'the job is not there any more';
  return job.error === null ? `the job is ${job.status}` : `${job.error.code}: ${job.error.message}`;
}

/** Ids and counts: neither a prompt nor the address of a receiver. */
function summaryOf(letter: Letter, { body }: HeldMessage): string {
  const { kind, ...fields } = letter;
  return kind === 'unreadable' ? `${Buffer.byteLength(body)} bytes that cannot be read` : JSON.stringify(fields);
}

/** Finds out what a dead letter is about, and why it is one. */
export function makeExplainLetter({ jobs, deliveries }: ExplainLetterPorts) {
  async function aboutDelivery(deliveryId: string): Promise<About> {
    const delivery = await deliveries.get(deliveryId);
    if (delivery === undefined) return { cause: 'the delivery is not there any more', jobId: null, tenantId: null };
    const { subject, tenantId, lastError, lastStatusCode, status } = delivery;
    const reason = lastError ?? (lastStatusCode === null ? status : `answered ${lastStatusCode}`);
    return { cause: `webhook delivery: ${reason}`, jobId: JOB_ID.test(subject) ? subject : null, tenantId };
  }

  async function about(letter: Letter): Promise<About> {
    switch (letter.kind) {
      case 'job': {
        const job = await jobs.get(letter.jobId);
        return { cause: causeOfJob(job), jobId: letter.jobId, tenantId: job?.tenantId ?? null };
      }
      case 'delivery':
        return aboutDelivery(letter.deliveryId);
      case 'event': {
        const { subject, type, tenantid: tenantId } = letter;
        return { cause: `the event ${type} was not handled`, jobId: JOB_ID.test(subject) ? subject : null, tenantId };
      }
      case 'unreadable':
        return { cause: 'the message cannot be read', jobId: null, tenantId: null };
    }
  }

  return async function explainLetter(queue: string, message: HeldMessage): Promise<ExplainedLetter> {
    const letter = readLetter(message.body);
    const { cause, jobId, tenantId } = await about(letter);
    const { messageId, sentAt, receiveCount } = message;
    return {
      message,
      letter,
      cause,
      groupId: createHash('sha256').update(`${queue}\n${cause}`).digest('base64url').slice(0, 16),
      view: { messageId, queue, jobId, tenantId, sentAt, receiveCount, summary: summaryOf(letter, message) },
    };
  };
}
export type ExplainLetter = ReturnType<typeof makeExplainLetter>;
