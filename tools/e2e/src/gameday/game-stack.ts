import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type FakeSdWebui, startFakeSdWebui } from '@afterimage/testing/fake-sdwebui';
import { startTestStack, type TestStack } from '../stack.ts';
import { startReceiver } from '../webhook-receiver.ts';
import { startFakeImds } from './fake-imds.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

const MODEL = 'dreamshaper';
const POOLS = { pools: [{ name: 'local', engine: 'sdwebui', models: [{ id: MODEL, tasks: ['text-to-image'] }] }] };
const WORKERS = 2;
const WORKER = {
  ENGINE_START_SECONDS: '10',
  DRAIN_SECONDS: '1',
  LEASE_SECONDS: '4',
  HEARTBEAT_INTERVAL_MS: '500',
  VISIBILITY_SECONDS: '4',
  VISIBILITY_INTERVAL_MS: '1000',
};
const MS_PER_IMAGE = 150;

/** The stack of a game day: its workers have a fake engine each, a fake machine, and proxies before table and queues. */
export interface GameStack extends TestStack {
  readonly model: string;
  readonly engines: readonly FakeSdWebui[];
  readonly imds: Awaited<ReturnType<typeof startFakeImds>>;
  readonly table: FaultProxy;
  readonly queues: FaultProxy;
  readonly receivers: readonly Awaited<ReturnType<typeof startReceiver>>[];
  /** Messages of the queue of jobs that wait or are in flight, and those among its dead letters. */
  depths(): Promise<{ readonly jobs: number; readonly deadLetters: number }>;
  send(body: string): Promise<void>;
  purgeDeadLetters(): Promise<void>;
}

export async function startGameStack(): Promise<GameStack> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-gameday-'));
  const poolsFile = join(folder, 'pools.json');
  writeFileSync(poolsFile, JSON.stringify(POOLS));
  const startEngine = () => startFakeSdWebui({ dialect: 'a1111', msPerImage: MS_PER_IMAGE });
  const [imds, engines] = await Promise.all([
    startFakeImds(),
    Promise.all(Array.from({ length: WORKERS }, startEngine)),
  ]);
  const engineOf = (worker: number) => ({ ENGINE_URL: engines[worker - 1]?.url ?? '' });
  const receivers = await Promise.all([startReceiver(), startReceiver()]);
  const proxies = Promise.withResolvers<{ readonly table: FaultProxy; readonly queues: FaultProxy }>();
  const test = await startTestStack({
    poolsFile,
    workers: WORKERS,
    env: { 'gpu-worker': { ...WORKER, ...engineOf(1), IMDS_URL: imds.url } },
    workerEnv: engineOf,
    interpose: async ({ dynamodb, sqs }) => {
      const [table, queues] = await Promise.all([startFaultProxy(dynamodb), startFaultProxy(sqs)]);
      proxies.resolve({ table, queues });
      return { 'gpu-worker': { AWS_ENDPOINT_URL_DYNAMODB: table.url, AWS_ENDPOINT_URL_SQS: queues.url } };
    },
  });
  const { table, queues } = await proxies.promise;
  const found = test.stack.resources.jobQueues['local-interactive'];
  if (found === undefined) throw new Error('there is no queue local-interactive');
  const { url, deadLetters } = found;

  async function depth(QueueUrl: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
    const { Attributes = {} } = await test.sqs.send(command);
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  return {
    ...test,
    model: MODEL,
    engines,
    imds,
    table,
    queues,
    receivers,
    depths: async () => ({ jobs: await depth(url), deadLetters: await depth(deadLetters.url) }),
    send: async (MessageBody) => void (await test.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }))),
    purgeDeadLetters: async () => void (await test.sqs.send(new PurgeQueueCommand({ QueueUrl: deadLetters.url }))),
    stop: async () => {
      await test.stop();
      await Promise.all([...engines, imds, table, queues, ...receivers].map((each) => each.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
