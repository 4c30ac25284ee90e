import * as z from 'zod';
import type { Time } from '../../time.ts';
import { EngineError } from '../engine-error.ts';
import { readBadAnswer } from './bad-answers.ts';
import type { WebuiClient } from './webui-client.ts';
import type { WebuiServer } from './webui-server.ts';

const BODY = {
  prompt: '',
  seed: 1,
  steps: 1,
  width: 64,
  height: 64,
  batch_size: 1,
  n_iter: 1,
  send_images: false,
  save_images: false,
};
const MAX_BYTES = 1024 * 1024;
const answerSchema = z.object({ info: z.string() });

export interface WarmUpPorts {
  readonly client: WebuiClient;
  readonly server: WebuiServer;
  readonly time: Time;
  readonly loadSeconds: number;
}

/**
 * Has the server make the smallest image, which loads its model: the only sign that it can. An empty `info` is how SD.Next
 * says that there is no model.
 * @throws EngineError, EngineUnusableError; the error of the connection
 */
export async function warmUp({ client, server, time, loadSeconds }: WarmUpPorts, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const path = 'txt2img';
  const { answered, abandon } = client.generate(path, JSON.stringify(BODY), MAX_BYTES, signal);
  server.busyWith(answered);
  const late = time.wait(loadSeconds * 1000, over.signal).then(() => undefined);
  const answer = await Promise.race([answered, late]).finally(() => over.abort());
  if (answer === undefined) {
    abandon();
    throw new EngineError('model_load_failed', `no model after ${loadSeconds} s`, { isRetryable: true });
  }
  if (answer.status !== 200) throw readBadAnswer(answer.status, answer.body, { path, attempt: 1, secrets: [] });
  const { info } = answerSchema.parse(JSON.parse(answer.body.toString()));
  if (info === '') throw new EngineError('model_load_failed', 'the server has no model', { isRetryable: true });
  await server.endedWell(signal);
}
