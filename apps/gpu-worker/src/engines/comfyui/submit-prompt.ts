import { EngineError } from '../engine-error.ts';
import type { ComfyClient, Submission, Submitted } from './comfy-client.ts';
import { isOf } from './comfy-client.ts';
import type { FailedJob } from './comfy-errors.ts';
import { issuesOf, refused } from './comfy-errors.ts';
import { NoAnswerError } from './comfy-http.ts';
import type { Refusal } from './comfy-schemas.ts';

const TRIES = 2;

async function findSubmitted(
  client: ComfyClient,
  submissionId: string,
  signal: AbortSignal,
): Promise<{ readonly id: string | undefined; readonly isIdle: boolean }> {
  const { running, pending } = await client.queue(signal);
  const items = [...running, ...pending];
  const id = items.find((item) => isOf(item, submissionId))?.id ?? (await client.findFinished(submissionId, signal));
  return { id, isIdle: items.length === 0 };
}

/**
 * Queues a prompt once, whatever becomes of the connection: when no answer came, the prompt is looked for, and only sent
 * again to a server that has nothing to do and does not know it. Yields the id that the server gave it.
 * @throws EngineError when the server refuses it, or a part of it
 */
export async function submitPrompt(
  client: ComfyClient,
  submission: Submission,
  job: FailedJob,
  signal: AbortSignal,
): Promise<string> {
  for (let tries = 1; ; tries++) {
    let submitted: Submitted;
    try {
      submitted = await client.submit(submission, signal);
    } catch (error) {
      if (!(error instanceof NoAnswerError) || error.kind === 'refused') throw error;
      const { id, isIdle } = await findSubmitted(client, submission.submissionId, signal);
      if (id !== undefined) return id;
      if (!isIdle || tries === TRIES) throw error;
      continue;
    }
    if (submitted.kind === 'refused') throw refused(issuesOf(submitted.refusal), job);
    const { id, problems } = submitted;
    if (Object.keys(problems).length === 0) return id;
    throw refused(issuesOf(partial(problems)), job);
  }
}

/** The server runs what is left when it refuses some of the outputs: pictures would be missing without a word. */
function partial(problems: Refusal['node_errors']): Refusal {
  return { error: { type: 'prompt_outputs_failed_validation', message: '' }, node_errors: problems };
}

/** A prompt that is neither finished nor in the queue: the server was started again and knows nothing of it. */
export function promptLost(): EngineError {
  return new EngineError('engine_error', 'ComfyUI has forgotten the workflow: it was started again', {
    isRetryable: true,
  });
}
