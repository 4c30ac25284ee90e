import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { FakeComfyUi, FakeComfyUiOptions } from '../src/fake-comfyui/index.ts';
import { encodePng, startFakeComfyUi } from '../src/fake-comfyui/index.ts';

const open: FakeComfyUi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((fake) => fake.stop()));
});

async function start(options: FakeComfyUiOptions): Promise<FakeComfyUi> {
  const fake = await startFakeComfyUi(options);
  open.push(fake);
  return fake;
}

const graph = {
  1: { class_type: 'EmptyImage', inputs: { width: 16, height: 8, batch_size: 2, color: 255 } },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'a/b' } },
  3: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
};

async function post(fake: FakeComfyUi, path: string, body: object): Promise<{ status: number; body: string }> {
  const response = await fetch(`${fake.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.text() };
}

async function submit(fake: FakeComfyUi, prompt: object = graph): Promise<string> {
  const { body } = await post(fake, '/prompt', { prompt, client_id: 'me', prompt_id: randomUUID() });
  return JSON.parse(body).prompt_id;
}

async function ended(fake: FakeComfyUi, id: string) {
  await expect.poll(() => fake.executor.history.has(id)).toBe(true);
  const history = await fetch(`${fake.url}/history/${id}`).then((response) => response.json());
  return (history as Record<string, { status: object; outputs: object }>)[id];
}

const names = (number: number) => `b_0000${number}_.png`;

describe('the fake ComfyUI', () => {
  it('runs a workflow, writes files that count from 1, and real pictures', async () => {
    const fake = await start({ version: 'new' });
    const entry = await ended(fake, await submit(fake));

    expect(entry).toMatchObject({
      status: { status_str: 'success', completed: true },
      outputs: {
        2: { images: [1, 2].map((number) => ({ filename: names(number), subfolder: 'a', type: 'output' })) },
        3: { images: [{ type: 'temp' }, { type: 'temp' }] },
      },
    });
    const file = await fetch(`${fake.url}/view?filename=${names(1)}&subfolder=a&type=output`);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(encodePng({ width: 16, height: 8, fill: { color: 255 } }));
  });

  it('repeats the names of an equal workflow, and only of the last', async () => {
    const fake = await start({ version: 'new' });
    const first = await ended(fake, await submit(fake));
    expect((await ended(fake, await submit(fake)))?.outputs).toEqual(first?.outputs);
    await ended(
      fake,
      await submit(fake, { ...graph, 2: { ...graph[2], inputs: { images: ['1', 0], filename_prefix: 'c' } } }),
    );

    expect(await ended(fake, await submit(fake))).toMatchObject({
      outputs: { 2: { images: [{ filename: names(3) }, {}] } },
    });
  });

  it('takes UUIDs alone when it is new, and chooses ids itself when it is old', async () => {
    const [modern, old] = await Promise.all([start({ version: 'new' }), start({ version: 'old' })]);
    const body = { prompt: graph, prompt_id: 'NOT-A-UUID' };

    expect(await post(modern, '/prompt', body)).toMatchObject({
      status: 400,
      body: expect.stringContaining('invalid_prompt_id'),
    });
    const answer = await post(old, '/prompt', body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).prompt_id).not.toBe('NOT-A-UUID');
  });

  it.each([
    [undefined, 'no_prompt'],
    [{ 1: { class_type: 'Nope', inputs: {} } }, 'missing_node_type'],
    [{ 1: graph[1] }, 'prompt_no_outputs'],
    [{ 2: graph[2] }, 'exception_during_validation'],
    [{ ...graph, 1: { ...graph[1], inputs: { ...graph[1].inputs, width: 0 } } }, 'value_smaller_than_min'],
    [{ ...graph, 1: { class_type: 'LoadImage', inputs: { image: 'x.png' } } }, 'custom_validation_failed'],
    [{ ...graph, 1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'x' } } }, 'return_type_mismatch'],
  ])('refuses %j as %s', async (prompt, type) => {
    const answer = await post(await start({ version: 'new' }), '/prompt', { prompt });

    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining(type) });
  });

  it.each([
    ['new', 0],
    ['old', 1],
  ] as const)('interrupts by id when it is new, and whatever runs when it is old: %s', async (version, ends) => {
    const fake = await start({ version, msPerPrompt: 60_000 });
    const id = await submit(fake);
    await post(fake, '/interrupt', { prompt_id: randomUUID() });
    await expect.poll(() => fake.executor.history.size).toBe(ends);
    await post(fake, '/interrupt', { prompt_id: id });

    expect(await ended(fake, id)).toMatchObject({ status: { status_str: 'error', completed: false }, outputs: {} });
  });

  it('tells the events of a workflow in their order, to its own client alone', async () => {
    const fake = await start({ version: 'new' });
    const events: Record<string, string[]> = { me: [], other: [] };
    const sockets = Object.keys(events).map((client) => {
      const socket = new WebSocket(`${fake.url.replace('http', 'ws')}/ws?clientId=${client}`);
      socket.addEventListener('message', ({ data }) => {
        events[client]?.push(typeof data === 'string' ? JSON.parse(data).type : 'preview');
      });
      return socket;
    });
    await expect.poll(() => Object.values(events).flat().length).toBe(2);
    await ended(fake, await submit(fake));

    await expect.poll(() => events['me']?.at(-1)).toBe('executing');
    expect([...new Set(events['me'])]).toEqual([
      'status',
      'execution_start',
      'execution_cached',
      'executing',
      'progress',
      'preview',
      'executed',
      'execution_success',
    ]);
    expect(events['other']).toEqual(['status']);
    for (const socket of sockets) socket.close();
  });

  it('forgets everything in a restart, on the same port', async () => {
    const fake = await start({ version: 'new' });
    await ended(fake, await submit(fake));
    await fake.restart();

    expect(await fetch(`${fake.url}/history`).then((response) => response.json())).toEqual({});
    expect(await ended(fake, await submit(fake))).toMatchObject({
      outputs: { 2: { images: [{ filename: names(1) }, {}] } },
    });
  });
});
