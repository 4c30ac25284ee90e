import type { JobErrorCode, JobMessage } from '@afterimage/job-schemas';

/** How the work on one message ended. The job's record is written by then; only the message is left to be settled. */
export type Outcome =
  /** The job succeeded. */
  | { readonly kind: 'done' }
  /** The attempt failed and the job is queued again under a claim check of its own. */
  | { readonly kind: 'retry'; readonly code: JobErrorCode }
  /** The job failed for good. */
  | { readonly kind: 'reject'; readonly code: JobErrorCode }
  | { readonly kind: 'canceled' }
  /** The worker drains. A claimed job is queued again under a claim check of its own; an unclaimed one keeps this. */
  | { readonly kind: 'release'; readonly isClaimed: boolean }
  /** The lease was lost: whoever has the job now decides. */
  | { readonly kind: 'abandon'; readonly reason: string }
  /** The claim check leads nowhere any more. */
  | { readonly kind: 'stale'; readonly reason: string }
  /** The job could not be claimed for want of the store. */
  | { readonly kind: 'defer'; readonly afterSeconds: number }
  /** The tenant has as many jobs running as it may: a new message takes the place of this one. */
  | { readonly kind: 'postpone'; readonly claimCheck: JobMessage }
  /** No claim check of this pool: it goes to the dead-letter queue by way of its receive count. */
  | { readonly kind: 'poison'; readonly reason: string };

export type QueueAction =
  | { readonly kind: 'delete' }
  | { readonly kind: 'visibility'; readonly seconds: number }
  /** A message in place of this one, so that this one's receives do not lead it to the dead letters. */
  | { readonly kind: 'replace'; readonly claimCheck: JobMessage; readonly delaySeconds: number }
  | { readonly kind: 'leave' };

/** What to tell the queue about a message. */
export function queueActionOf(outcome: Outcome): QueueAction {
  switch (outcome.kind) {
    case 'done':
    case 'retry':
    case 'reject':
    case 'canceled':
    case 'stale':
      return { kind: 'delete' };
    case 'release':
      return outcome.isClaimed ? { kind: 'delete' } : { kind: 'visibility', seconds: 0 };
    case 'defer':
      return { kind: 'visibility', seconds: outcome.afterSeconds };
    case 'postpone':
      return replacementOf(outcome.claimCheck);
    case 'abandon':
    case 'poison':
      return { kind: 'leave' };
  }
}

/** Long enough that a large backlog does not keep the workers busy, short enough that a place is soon filled. */
const MAX_POSTPONE_SECONDS = 10;

/** Shows after 1, 2, 4, 8, then every 10 seconds. */
function replacementOf(claimCheck: JobMessage): QueueAction {
  const { postponed = 0 } = claimCheck;
  const delaySeconds = Math.min(MAX_POSTPONE_SECONDS, 2 ** Math.min(postponed, 10));
  return { kind: 'replace', claimCheck: { ...claimCheck, postponed: postponed + 1 }, delaySeconds };
}

const FIRST_DEFER_SECONDS = 5;
const MAX_DEFER_SECONDS = 900;

/**
 * Seconds until a deferred message shows again. Triples with each receive, because a message that is received too often
 * ends in the dead-letter queue: an outage of the store must not drive it there.
 */
export function deferSeconds(receiveCount: number): number {
  return Math.min(MAX_DEFER_SECONDS, FIRST_DEFER_SECONDS * 3 ** Math.max(0, Math.min(receiveCount, 10) - 1));
}
