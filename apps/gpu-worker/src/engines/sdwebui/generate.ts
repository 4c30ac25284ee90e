import type { EngineProgress, EngineRun } from '../engine.ts';
import { EngineError } from '../engine-error.ts';
import type { Time } from '../../time.ts';
import { aborted } from '../../abort.ts';
import { outOfMemory, readBadAnswer } from './bad-answers.ts';
import { type Exchange, type HttpAnswer, ResponseTooLargeError } from './http-exchange.ts';
import { type MadeImages, readAnswer } from './read-answer.ts';
import { SilenceError, watchProgress } from './watch-progress.ts';
import { isConnectionLost, type WebuiClient } from './webui-client.ts';
import { maxAnswerBytes, type WebuiRequest } from './webui-request.ts';
import type { WebuiServer } from './webui-server.ts';

export interface GeneratePorts {
  readonly client: WebuiClient;
  readonly server: WebuiServer;
  readonly time: Time;
  readonly loadSeconds: number;
  readonly silenceSeconds: number;
  /** Aborts when the engine is closed: only then is a request's connection given up. */
  readonly closing: AbortSignal;
}

export interface GenerationRun {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly isPreviewDue: NonNullable<EngineRun['isPreviewDue']>;
}

/** An answer of 200, and whether its images are whole: a server that is interrupted answers as if nothing had happened. */
export interface Generated {
  /**
   * The images, checked against the request. The server is idle already, so the next job need not wait for this.
   * @throws EngineError
   */
  readonly read: () => MadeImages;
  /** Settles soon after the answer. Never rejects. */
  readonly ranToEnd: Promise<boolean>;
}

/** Texts that a server may repeat in its errors. */
function secretsOf(body: WebuiRequest['body']): string[] {
  return ['prompt', 'negative_prompt', 'hr_prompt', 'hr_negative_prompt']
    .map((field) => body[field])
    .filter((value) => typeof value === 'string');
}

/**
 * One request from the POST to its answer. It is sent once: whoever does not wait for the answer any more interrupts it,
 * and the server counts as busy until the answer is there.
 */
export function makeGenerate(ports: GeneratePorts) {
  const { client, server, time, loadSeconds, silenceSeconds, closing } = ports;

  async function answerOf(exchange: Exchange, request: WebuiRequest, run: GenerationRun): Promise<HttpAnswer> {
    const over = new AbortController();
    const isSampled = request.expected.sampling !== null;
    const watch = watchProgress(
      {
        client,
        time,
        pollMs: server.pollMs,
        loadMs: loadSeconds * 1000,
        // An upscaler shows no steps.
        silenceMs: (isSampled ? silenceSeconds : loadSeconds) * 1000,
        images: request.expected.images,
        steps: request.steps,
        onProgress: run.onProgress,
        isPreviewDue: run.isPreviewDue,
      },
      AbortSignal.any([run.signal, over.signal]),
    );
    // All three must end with the answer: what hangs on the signal of the engine's life would stay for ever.
    const calledOff = AbortSignal.any([run.signal, closing, over.signal]);
    const abandoned = aborted(calledOff).then(() => Promise.reject(calledOff.reason));
    const silent = watch.then(() => abandoned);
    for (const each of [abandoned, silent]) each.catch(() => undefined);
    try {
      return await Promise.race([exchange.answered, silent, abandoned]);
    } finally {
      over.abort();
    }
  }

  /** What a request that ended without an answer of its own means. */
  async function explain(error: unknown, run: GenerationRun): Promise<unknown> {
    if (run.signal.aborted) return run.signal.reason;
    if (error instanceof SilenceError) {
      await server.becomeIdle(run.signal);
      return new EngineError('engine_error', `the engine hung: ${error.message}`, { isRetryable: true, cause: error });
    }
    if (error instanceof ResponseTooLargeError) {
      return new EngineError('bad_output', `the engine failed: ${error.message}`, { isRetryable: false, cause: error });
    }
    if (closing.aborted) return new EngineError('engine_error', 'the engine is closed', { isRetryable: true });
    if (isConnectionLost(error)) {
      const message = `the connection to the engine broke (${error.code})`;
      return new EngineError('engine_error', message, { isRetryable: true, cause: error });
    }
    return error;
  }

  /** @throws EngineError, EngineUnusableError, the signal's reason */
  return async function generate(request: WebuiRequest, run: GenerationRun): Promise<Generated> {
    const { path, body, expected } = request;
    const { attempt, signal } = run;
    const context = { path, attempt, secrets: secretsOf(body) };
    const tellsOutOfMemory = (await server.dialect(signal)) !== 'sdnext';
    const eventsBefore = tellsOutOfMemory ? 0 : await server.outOfMemoryEvents(signal);
    signal.throwIfAborted();
    const exchange = client.generate(path, JSON.stringify(body), maxAnswerBytes(expected), closing);
    server.busyWith(exchange.answered);
    let answer: HttpAnswer;
    try {
      answer = await answerOf(exchange, request, run);
    } catch (error) {
      exchange.abandon();
      await server.interrupt();
      throw await explain(error, run);
    }
    if (answer.status !== 200) throw readBadAnswer(answer.status, answer.body, context);
    const ranToEnd = server.endedWell(signal);
    const read = () => readAnswer(answer.body, request);
    if (tellsOutOfMemory) return { read, ranToEnd };
    // SD.Next answers 200 all the same, and what it has to be told then must be known before the next job.
    try {
      const made = read();
      return { read: () => made, ranToEnd };
    } catch (error) {
      throw (await server.outOfMemoryEvents(signal)) > eventsBefore ? outOfMemory(context, error) : error;
    }
  };
}
