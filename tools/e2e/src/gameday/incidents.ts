import type { Job } from '@afterimage/job-schemas';
import { waitFor } from '@afterimage/testing';
import { aRequest } from '../client.ts';
import type { GameStack } from './game-stack.ts';
import { countSince } from './measured.ts';

/** Something that goes wrong, as a game day plays it. */
export interface Incident {
  readonly title: string;
  /** Name of the alarm that has to ring. */
  readonly alarm: string;
  /** Brings it about. Yields the jobs that were accepted meanwhile. */
  begin(game: GameStack): Promise<readonly Job[]>;
  /** What somebody on call, or time, does about it. */
  end(game: GameStack): Promise<void>;
  /** What must be true in the end beside what is true of every incident. */
  verify?(game: GameStack, jobs: readonly Job[]): Promise<void>;
}

/** Longer than any of it takes on a machine that has other things to do. */
export const HEAL_MS = 300_000;
const POISON = 6;
/** As often as each engine dies: enough for the alarm if one worker has all the jobs. */
const DEATHS = 5;

interface Wanted {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly maxAttempts?: number;
  readonly webhookOf?: (index: number) => string;
}

function submitJobs(game: GameStack, count: number, wanted: Wanted = {}): Promise<Job[]> {
  const { input = {}, maxAttempts, webhookOf } = wanted;
  const policy = maxAttempts === undefined ? {} : { policy: { maxAttempts } };
  const request = (index: number) => {
    const webhook = webhookOf === undefined ? {} : { webhook: { url: webhookOf(index) } };
    return aRequest({ model: game.model, ...policy, ...webhook }, { steps: 1, ...input });
  };
  return Promise.all(Array.from({ length: count }, (_, index) => game.client.submit(request(index))));
}

const engineDead: Incident = {
  title: 'The engine dies in the midst of jobs',
  alarm: 'attempts-fail',
  begin(game) {
    for (const engine of game.engines) engine.inject('restartMidJob', DEATHS);
    // An attempt in which the engine dies counts: a job may be the one that is struck each time.
    return submitJobs(game, 6, { maxAttempts: game.engines.length * DEATHS });
  },
  async end({ engines }) {
    for (const engine of engines) engine.heal('restartMidJob');
  },
};

const enginesGone: Incident = {
  title: 'The engines do not come back',
  alarm: 'engines-lost',
  async begin(game) {
    const { engines, stack } = game;
    const beganAtMs = Date.now();
    for (const engine of engines) engine.inject('slowStart');
    const jobs = await submitJobs(game, 6);
    const areLost = () => countSince(stack.logs, 'WorkerEnginesLost', beganAtMs) >= engines.length;
    await waitFor(areLost, { timeoutMs: HEAL_MS, intervalMs: 500, what: 'a lost engine at each worker' });
    // As the cluster does it: the pods begin anew, and find no engine again.
    for (const worker of stack.workers) worker.kill('SIGTERM');
    return jobs;
  },
  async end({ engines, stack }) {
    for (const engine of engines) engine.heal('slowStart');
    await Promise.all(stack.workers.map((worker) => worker.whenReady()));
  },
};

const queuesThrottled: Incident = {
  title: 'SQS is throttled',
  alarm: 'worker-receive-errors',
  begin(game) {
    game.queues.refuse({ operations: /^ReceiveMessage$/, error: 'com.amazonaws.sqs#RequestThrottled' });
    return submitJobs(game, 3);
  },
  end: async ({ queues }) => queues.refuse(undefined),
};

const receiverDown: Incident = {
  title: 'The receivers of webhooks are down',
  alarm: 'webhooks-refused',
  begin(game) {
    for (const receiver of game.receivers) receiver.answerAlways(503);
    const { receivers } = game;
    return submitJobs(game, 6, { webhookOf: (index) => receivers[index % receivers.length]?.url ?? '' });
  },
  end: async ({ receivers }) => {
    for (const receiver of receivers) receiver.answerAlways(204);
  },
  async verify({ receivers }, jobs) {
    const isTold = ({ id }: Job) =>
      receivers.some(({ received }) => received.some(({ status, body }) => status === 204 && body.includes(id)));
    await waitFor(() => jobs.every(isTold), { timeoutMs: HEAL_MS, what: 'a webhook for each job' });
  },
};

const spotStorm: Incident = {
  title: 'A storm of Spot interruptions',
  alarm: 'spot-storm',
  begin(game) {
    game.imds.storm(true);
    // Long enough that the notices come while they run.
    return submitJobs(game, 4, { input: { images: 4 } });
  },
  async end({ imds, stack }) {
    imds.storm(false);
    await Promise.all(stack.workers.map((worker) => worker.whenReady()));
  },
};

const poisonWave: Incident = {
  title: 'A wave of poison messages',
  alarm: 'poison-messages',
  async begin(game) {
    await Promise.all(Array.from({ length: POISON }, (_, index) => game.send(`{"poison":${index}}`)));
    return submitJobs(game, 3);
  },
  async end(game) {
    const isSorted = async () => {
      const { jobs, deadLetters } = await game.depths();
      return jobs === 0 && deadLetters === POISON;
    };
    await waitFor(isSorted, { timeoutMs: HEAL_MS, what: `${POISON} dead letters` });
    await game.purgeDeadLetters();
  },
};

const tableThrottled: Incident = {
  title: 'The table is throttled',
  alarm: 'claims-deferred',
  begin(game) {
    const error = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
    game.table.refuse({ operations: /^(UpdateItem|GetItem|TransactWriteItems)$/, error });
    return submitJobs(game, 6);
  },
  end: async ({ table }) => table.refuse(undefined),
};

/** The incidents of a game day, in the order in which they are played. */
export const INCIDENTS: readonly Incident[] = [
  engineDead,
  enginesGone,
  queuesThrottled,
  receiverDown,
  spotStorm,
  poisonWave,
  tableThrottled,
];
