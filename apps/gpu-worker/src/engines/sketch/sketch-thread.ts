import { parentPort } from 'node:worker_threads';
import { paintPicture } from './paint-picture.ts';
import { FLAG, type PainterReply, type PaintMessage } from './thread-messages.ts';

/** Entry of the thread that paints: the event loop of the worker stays free for leases and heartbeats. */
const port = parentPort;
if (port === null) throw new Error('sketch-thread runs as a worker thread only');

const reply = (message: PainterReply, pixels?: ArrayBuffer): void =>
  port.postMessage(message, pixels === undefined ? [] : [pixels]);

port.on('message', ({ order, flags }: PaintMessage) => {
  const flag = new Int32Array(flags);
  const picture = paintPicture(
    order,
    {
      nowMs: () => performance.now(),
      pause: (ms) => {
        if (ms > 0) Atomics.wait(flag, FLAG.stop, 0, ms);
      },
      isStopped: () => Atomics.load(flag, FLAG.stop) !== 0,
      takesPreview: () => Atomics.exchange(flag, FLAG.preview, 0) !== 0,
    },
    (step, preview) => reply({ kind: 'step', step, preview }, preview?.data.buffer),
  );
  if (picture === undefined) reply({ kind: 'stopped' });
  else reply({ kind: 'done', picture }, picture.data.buffer);
});
