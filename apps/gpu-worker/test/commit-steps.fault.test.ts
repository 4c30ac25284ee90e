import { aTextToImageInput, waitFor } from '@afterimage/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsCall, CallFate } from './support/fault-proxy.ts';
import type { WorkerWorld } from './support/worker-world.ts';
import { startWorkerWorld } from './support/worker-world.ts';

let world: WorkerWorld;

beforeEach(async () => {
  world = await startWorkerWorld();
});
afterEach(async () => {
  await world.endWorkers();
  await world.stop();
});

const small = aTextToImageInput({ width: 64, height: 64, steps: 2 });
const SHORT_LEASE = { LEASE_SECONDS: '2', VISIBILITY_SECONDS: '2' };

const updates = ({ service, operation }: AwsCall) => service === 'dynamodb' && operation === 'UpdateItem';
/** The calls of a job from its claim to its end, in their order. */
const STEPS: readonly [string, (call: AwsCall) => boolean][] = [
  ['the claim', (call) => updates(call) && call.body.includes('preparing')],
  ['the upload', ({ service, operation }) => service === 's3' && operation === 'PUT'],
  ['the commit', (call) => updates(call) && call.body.includes('succeeded') && !call.body.includes('expired')],
  ['the event', ({ service, operation }) => service === 'sns' && operation === 'Publish'],
  ['the note of the event', (call) => updates(call) && call.body.includes('expired')],
  ['the delete', ({ service, operation }) => service === 'sqs' && operation.startsWith('DeleteMessage')],
];

/** Gives the first call of a step its fate, and tells when it has met it. */
function strikeAt(isStep: (call: AwsCall) => boolean, fate: CallFate) {
  let isStruck = false;
  world.setRule((call) => {
    if (isStruck || !isStep(call)) return 'passed';
    isStruck = true;
    return fate;
  });
  return waitFor(() => isStruck, { what: 'the call', timeoutMs: 15_000 });
}

describe('a worker that is killed', () => {
  it.each(
    STEPS.flatMap(([name, isStep]) => [
      ['before', name, isStep, 'unanswered'] as const,
      ['after', name, isStep, 'withheld'] as const,
    ]),
  )('%s %s: the job still ends once, with one set of outputs', async (_, _name, isStep, fate) => {
    const struck = strikeAt(isStep, fate);
    const first = world.startWorker('worker-1', SHORT_LEASE);
    const { id } = await world.submit({ input: small });
    await struck;

    first.kill('SIGKILL');
    await first.exited;
    world.startWorker('worker-2', SHORT_LEASE);
    const job = await world.reconcileToTheEnd(id);

    expect(job).toMatchObject({ status: 'succeeded', isAnnounced: true, failures: 0 });
    expect(job.attempts.filter(({ outcome }) => outcome === 'succeeded')).toHaveLength(1);
    expect(job.outputs.map(({ key }) => key)).toEqual([`outputs/${job.tenantId}/${id}/${job.attempt}/0.png`]);
    expect(await world.checksums(job)).toEqual(job.outputs.map(({ sha256 }) => sha256));
    await waitFor(async () => (await world.messages()) === 0, { what: 'the end of the message', timeoutMs: 15_000 });
    expect(new Set(await world.events(id))).toEqual(new Set(['job.succeeded']));
  });
});
