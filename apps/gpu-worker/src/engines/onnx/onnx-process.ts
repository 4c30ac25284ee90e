import { env } from 'onnxruntime-node';
import { loadGraph } from './model/graph.ts';
import { loadModel } from './model/load-model.ts';
import { readModelFolder } from './model/model-folder.ts';
import type { ProcessMessage, ProcessReply, ProcessSettings } from './process/messages.ts';
import { ModelCache } from './process/model-cache.ts';
import { makeServeOrders } from './process/serve-orders.ts';

/**
 * Entry of the process that holds the networks. A run of one of them blocks the event loop and cannot be interrupted, so it
 * must not be the process that keeps the leases, and it must be one that can be killed.
 */
const [, , argument] = process.argv;
if (argument === undefined || process.send === undefined) throw new Error('onnx-process runs as a child process only');
const settings: ProcessSettings = JSON.parse(argument);

let ranMs = 0;
const reply = (message: ProcessReply): void => void process.send?.(message);
const models = new ModelCache({
  read: readModelFolder,
  load: (folder) =>
    loadModel(folder, {
      load: (file) => loadGraph(file, { ...settings, onRun: (ms) => (ranMs += ms) }),
    }),
  memoryBytes: settings.memoryBytes,
});
const serve = makeServeOrders({
  models,
  decodeBytes: settings.decodeBytes,
  reply,
  takeMessages: () => new Promise((resolve) => setImmediate(resolve)),
  runMs: () => ranMs,
  nowMs: () => performance.now(),
});

// The worker has ended, or was killed: nobody waits for a picture any more.
process.on('disconnect', () => process.exit(0));
// The worker's signals are not this process's: it ends when the worker says so, or is gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('message', (message: ProcessMessage) => void serve(message));
reply({ kind: 'ready', version: `onnxruntime ${env.versions.node ?? env.versions.common}` });
