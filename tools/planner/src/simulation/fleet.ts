import type { EventQueue } from './event-queue.ts';
import { type Account, MachineLedger } from './machine-ledger.ts';
import type { Random } from './random.ts';
import type { Market, SimulationInput } from './simulation-input.ts';

/** A machine, which has room for one pod. */
export interface Machine {
  readonly account: Account;
  /** Whether it has joined the cluster. */
  hasJoined: boolean;
  hasImage: boolean;
  /** When EC2 takes it back; infinite until it says so. */
  endsAt: number;
  isGone: boolean;
  pod: Pod | undefined;
  /** Counts how often it became empty, so that an old timer ends nothing. */
  emptied: number;
}

export interface Pod {
  machine: Machine | undefined;
  state: 'pending' | 'starting' | 'idle' | 'busy' | 'leaving' | 'gone';
  job: number;
  /** Counts the runs, so that the end of an interrupted one is nobody's. */
  run: number;
}

interface FleetDependencies {
  readonly input: SimulationInput;
  readonly events: EventQueue;
  readonly random: Random;
  readonly now: () => number;
  /** A pod has engine and model. */
  readonly onReady: (pod: Pod) => void;
  /** EC2 takes the machine back: its pod has until then. */
  readonly onNotice: (pod: Pod, endsAt: number) => void;
}

/** The machines as Karpenter starts and ends them, and the pods on them. */
export class Fleet {
  readonly ledger = new MachineLedger();
  readonly machines: Record<Market, number> = { spot: 0, onDemand: 0 };
  readonly launches: Record<Market, number> = { spot: 0, onDemand: 0 };
  interruptions = 0;
  mostMachines = 0;
  readonly #live = new Set<Machine>();
  readonly #pending: Pod[] = [];
  readonly #given: FleetDependencies;

  constructor(dependencies: FleetDependencies) {
    this.#given = dependencies;
  }

  /** Gives a new pod a machine: one that is empty, or else a new one, as soon as there is room for it. */
  place(pod: Pod): void {
    const empty = [...this.#live].find(isFree);
    if (empty !== undefined) return this.#start(pod, empty);
    this.#pending.push(pod);
    const { events, input } = this.#given;
    events.at(this.#given.now() + input.batchingSeconds, () => this.launchForPending());
  }

  /** Starts a machine for each pod that has none, within the room that there is. */
  launchForPending(): void {
    let waiting = this.#pending.length - [...this.#live].filter((machine) => !machine.hasJoined && !machine.pod).length;
    for (; waiting > 0; waiting -= 1) {
      const market = this.#market();
      if (market === undefined) return;
      this.#launch(market);
    }
  }

  /** The pod is over; its machine is kept for a while, or ends with it when EC2 takes it back. */
  leave(pod: Pod): void {
    const { machine } = pod;
    pod.state = 'gone';
    pod.machine = undefined;
    const index = this.#pending.indexOf(pod);
    if (index >= 0) this.#pending.splice(index, 1);
    if (machine === undefined) return;
    machine.pod = undefined;
    if (machine.endsAt < Number.POSITIVE_INFINITY) return this.#end(machine);
    this.#offer(machine);
  }

  /** Books what runs on until `now`, and ends it. */
  close(): void {
    this.#pending.length = 0;
    for (const machine of this.#live) this.#end(machine);
  }

  #market(): Market | undefined {
    const { input, random } = this.#given;
    const withRoom = input.capacities.filter(({ market, maxPods }) => this.machines[market] < maxPods);
    return withRoom.find(({ market }) => market !== 'spot' || random.uniform() >= input.spotUnavailableShare)?.market;
  }

  #launch(market: Market): void {
    const { input, events, random, now } = this.#given;
    const launchedAt = now();
    const account = this.ledger.open(market, launchedAt);
    const machine: Machine = {
      account,
      hasJoined: false,
      hasImage: false,
      endsAt: Number.POSITIVE_INFINITY,
      isGone: false,
      pod: undefined,
      emptied: 0,
    };
    this.#live.add(machine);
    this.machines[market] += 1;
    this.launches[market] += 1;
    this.mostMachines = Math.max(this.mostMachines, this.#live.size);
    events.at(launchedAt + random.spread(input.nodeStart), () => this.#join(machine));
    if (market === 'spot' && input.interruptionsPerHour > 0) {
      const lifeSeconds = random.exponential(3600 / input.interruptionsPerHour);
      events.at(launchedAt + lifeSeconds, () => this.#interrupt(machine));
    }
  }

  #join(machine: Machine): void {
    if (machine.isGone) return;
    machine.hasJoined = true;
    this.#offer(machine);
  }

  /** An empty machine takes a pod that has none, or is kept for `emptySeconds`. */
  #offer(machine: Machine): void {
    const pod = isFree(machine) ? this.#pending.shift() : undefined;
    if (pod !== undefined) return this.#start(pod, machine);
    const { input, events, now } = this.#given;
    machine.emptied += 1;
    const { emptied } = machine;
    this.ledger.change(machine.account, now(), 'idle');
    events.at(now() + input.emptySeconds, () => {
      if (machine.pod === undefined && machine.emptied === emptied) this.#end(machine);
    });
  }

  #start(pod: Pod, machine: Machine): void {
    const { input, events, random, now, onReady } = this.#given;
    this.ledger.change(machine.account, now(), 'scaleUp');
    machine.pod = pod;
    machine.emptied += 1;
    pod.machine = machine;
    pod.state = 'starting';
    const pullSeconds = machine.hasImage ? 0 : random.spread(input.imagePull);
    events.at(now() + pullSeconds + random.spread(input.modelLoad), () => {
      if (pod.state !== 'starting') return;
      machine.hasImage = true;
      this.ledger.change(machine.account, now(), 'idle');
      onReady(pod);
    });
  }

  #interrupt(machine: Machine): void {
    if (machine.isGone) return;
    const { input, events, now, onNotice } = this.#given;
    this.interruptions += 1;
    machine.endsAt = now() + input.noticeSeconds;
    if (machine.pod === undefined) return this.#end(machine);
    events.at(machine.endsAt, () => this.#end(machine));
    onNotice(machine.pod, machine.endsAt);
  }

  #end(machine: Machine): void {
    if (machine.isGone) return;
    machine.isGone = true;
    this.ledger.change(machine.account, this.#given.now(), 'idle');
    this.#live.delete(machine);
    this.machines[machine.account.market] -= 1;
    // There is room for one more now.
    if (this.#pending.length > 0) this.launchForPending();
  }
}

function isFree(machine: Machine): boolean {
  return (
    machine.hasJoined && !machine.isGone && machine.pod === undefined && machine.endsAt === Number.POSITIVE_INFINITY
  );
}
