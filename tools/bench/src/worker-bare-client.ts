import { request } from 'node:http';
import { busyShare, medianGapMs, startWebui } from './worker-webui.ts';

export interface BareClient {
  readonly busy: number;
  readonly gapMs: number;
}

const BODY = JSON.stringify({
  prompt: 'a lighthouse',
  seed: 42,
  steps: 20,
  width: 512,
  height: 512,
  batch_size: 1,
  n_iter: 1,
  override_settings: { sd_model_checkpoint: 'sketch-1' },
});
const HEADERS = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY), connection: 'close' };

function generate(url: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const outgoing = request(`${url}/sdapi/v1/txt2img`, { method: 'POST', headers: HEADERS, agent: false });
  outgoing.on('error', reject);
  outgoing.on('response', (response) => {
    response.on('error', reject);
    response.on('end', resolve);
    response.resume();
  });
  outgoing.end(BODY);
  return promise;
}

/**
 * The most that any client can keep this engine busy on this machine: requests one after the other, each sent as soon as
 * the last one is answered, with nothing done to the pictures and no AWS at all.
 */
export async function runBareClient(images: number, msPerImage: number): Promise<BareClient> {
  const webui = await startWebui(msPerImage);
  try {
    for (let i = 0; i < images; i++) await generate(webui.url);
    const spans = await webui.spans();
    return { busy: busyShare(spans), gapMs: medianGapMs(spans) };
  } finally {
    await webui.stop();
  }
}
