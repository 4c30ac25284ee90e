import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const helloSchema = z.object({ url: z.url() });
const spansSchema = z.object({ spans: z.array(z.object({ startedAtMs: z.number(), endedAtMs: z.number() })) });

/** When a generation began and ended; times of the fake's own clock. */
export type Span = z.infer<typeof spansSchema>['spans'][number];

const PROCESS = fileURLToPath(new URL('worker-webui-process.ts', import.meta.url));

/** A fake SD WebUI in a process of its own, so that neither it nor the worker waits for the other's processor. */
export async function startWebui(msPerImage: number) {
  const child = fork(PROCESS, [String(msPerImage)], { serialization: 'advanced' });
  const [hello] = await once(child, 'message');
  const { url } = helloSchema.parse(hello);
  return {
    url,
    async spans(): Promise<readonly Span[]> {
      const answer = once(child, 'message');
      child.send('spans');
      return spansSchema.parse((await answer)[0]).spans;
    },
    async stop(): Promise<void> {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** Share of the time from the first beginning to the last end in which the engine worked. */
export function busyShare(spans: readonly Span[]): number {
  const busyMs = spans.reduce((sum, { startedAtMs, endedAtMs }) => sum + endedAtMs - startedAtMs, 0);
  const wallMs =
    Math.max(...spans.map(({ endedAtMs }) => endedAtMs)) - Math.min(...spans.map(({ startedAtMs }) => startedAtMs));
  return busyMs / wallMs;
}

/** Milliseconds that the engine waits between two jobs, in the median; a busy machine moves it less than the share. */
export function medianGapMs(spans: readonly Span[]): number {
  const gaps = spans
    .slice(1)
    .map(({ startedAtMs }, index) => startedAtMs - (spans[index]?.endedAtMs ?? startedAtMs))
    .sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)] ?? 0;
}
