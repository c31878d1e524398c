import type { HashgraphConsensus } from "@demls/consensus";
import {
  createSeededNetwork,
  createSeededRandom,
  createVirtualClock,
  type RouteConditions,
  type SeededNetwork,
  type SeededRandom,
  type VirtualClock,
} from "@demls/testkit";
import { DemlsError, type Packet } from "@demls/wire/core";
import { admitAll, type AdmissionPolicy, type ConversationEvent, type ErrorEventCode } from "demls";
import type { InboundReport } from "demls/trace";
import { createDoor, type Door } from "./door.js";
import { createLinks, type Links } from "./links.js";
import { createPacketCount, type PacketCount } from "./packet-count.js";
import { createPerson, type Person } from "./person.js";
import { createPlan, type Plan } from "./plan.js";
import { createRecords, type Merge, type Records } from "./records.js";
import { createRoutes, type Routes } from "./routes.js";

/** Wall clock at the start of every life. */
const WALL_MS = Date.UTC(2026, 0, 1);

/** `error` events of a fault of the library. */
const FAULTS: readonly ErrorEventCode[] = ["event-handler-failed", "step-failed", "storage-failed"];

/** Wake-ups at one instant; more are an endless loop. */
const WAKE_UPS_AT_ONE_INSTANT = 100_000;

/** A network without loss is never tidy: every packet is delayed, some are duplicated, some overtake others. */
const CALM: Partial<RouteConditions> = {
  loss: 0,
  delayMs: { min: 20, max: 400 },
  reordering: 0.2,
  duplication: 0.02,
};

/** Settings of {@link createWorld}. */
export interface WorldOptions {
  readonly seed: number;
  /** Whether members keep their state in a storage. */
  readonly isStored: boolean;
  /** Voting algorithm of all members; undefined for the default. */
  readonly consensus?: HashgraphConsensus | undefined;
  /** Time for which those that come in are on probation. */
  readonly probationMs: number;
  /** Bound on the guests of a member: one for so many; 0: none. @default 0 */
  readonly guestShare?: number | undefined;
  /** Decides on joiners at all honest members. @default everyone is admitted */
  readonly admission?: AdmissionPolicy | undefined;
  /** Names of the occurrences that take place; undefined for all. */
  readonly only?: readonly string[] | undefined;
  /** Called with each line of the log. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Options of {@link World.enter}. */
export interface EnterOptions {
  readonly isHostile?: boolean;
  readonly place?: (name: string) => void;
}

/** The people of a life with their network and clocks. */
export interface World {
  readonly clock: VirtualClock;
  readonly network: SeededNetwork;
  readonly links: Links;
  readonly routes: Routes;
  readonly records: Records;
  readonly plan: Plan;
  readonly random: SeededRandom;
  readonly people: readonly Person[];
  readonly door: Door;
  readonly packets: PacketCount;
  /** Counts of what happened, such as faults, by name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Broken invariants. */
  readonly violations: readonly string[];
  /** Adds a person and starts its process. `place` is called before with its name, and can put it on a side of a cut. */
  enter(options?: EnterOptions): Promise<Person>;
  /** Calls `act` after `ms` of world time. */
  after(ms: number, act: () => void): void;
  /** Calls `act` after `ms` of world time, unless the plan leaves the occurrence out. */
  occur(name: string, ms: number, act: () => void): void;
  /** Calls `observer` with each event of each person. */
  onEvent(observer: (person: Person, event: ConversationEvent) => void): void;
  /** Calls `observer` with each epoch that a person enters by a commit, before its event. */
  onMerge(observer: (person: Person, merge: Merge) => void): void;
  /** Calls `observer` with each packet that a person publishes. */
  onPacket(observer: (packet: Packet, from: Person) => void): void;
  /** Calls `observer` with each person that has received a packet or delivered an event. */
  onActivity(observer: (person: Person) => void): void;
  /** Calls `observer` with each person whose process has died at a write. */
  onDeath(observer: (person: Person) => void): void;
  /** Runs a command of a person in the background. The library may reject it with a DemlsError, and with no other. */
  command(person: Person, text: string, run: () => Promise<unknown>): void;
  count(name: string): void;
  violate(text: string): void;
  /** Adds a line to the log. */
  note(name: string, text: () => string): void;
}

export function createWorld(options: WorldOptions): World {
  const {
    seed,
    isStored,
    consensus,
    probationMs,
    guestShare = 0,
    admission = admitAll,
    only,
    onLine,
  } = options;
  const random = createSeededRandom(seed);
  const clock = createVirtualClock({ settle, wallMs: WALL_MS });
  const packets = createPacketCount();
  const people: Person[] = [];
  const door = createDoor();
  const counts = new Map<string, number>();
  const violations: string[] = [];
  const eventObservers: ((person: Person, event: ConversationEvent) => void)[] = [];
  const deathObservers: ((person: Person) => void)[] = [];
  const mergeObservers: ((person: Person, merge: Merge) => void)[] = [];
  const packetObservers: ((packet: Packet, from: Person) => void)[] = [];
  const activityObservers: ((person: Person) => void)[] = [];
  const plan = createPlan(only);
  const records = createRecords(onLine !== undefined);
  const network = createSeededNetwork({
    seed: `${seed}/network`,
    clock,
    conditions: CALM,
    maxInFlight: 1_000_000,
    onPacket: (packet, from) => {
      packets.note(packet, from, clock.monotonicMs());
      const sender = people.find((person) => person.name === from);
      if (sender !== undefined) for (const observer of packetObservers) observer(packet, sender);
      count("copies due", people.filter((person) => person.isListening && person.name !== from).length);
    },
  });
  const routes = createRoutes(network);
  const links = createLinks(network, routes);

  let [instantMs, wakeUps] = [0, 0];

  /** All ready promises run before the next task. */
  async function settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    wakeUps = clock.monotonicMs() === instantMs ? wakeUps + 1 : 0;
    instantMs = clock.monotonicMs();
    if (wakeUps > WAKE_UPS_AT_ONE_INSTANT) throw new Error(`Time stands still at ${timeText(instantMs)}.`);
  }

  function count(name: string, by = 1): void {
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  function note(name: string, text: () => string): void {
    onLine?.(`${timeText(clock.monotonicMs())} ${name.padEnd(8)} ${text()}`);
  }

  function violate(text: string): void {
    violations.push(text);
    note("!", () => text);
  }

  function noteActivity(person: Person): void {
    for (const observer of activityObservers) observer(person);
  }

  async function enter({ isHostile = false, place }: EnterOptions = {}): Promise<Person> {
    const name = `member-${people.length + 1}`;
    place?.(name);
    links.add(name);
    routes.add(name);
    const person = createPerson(name, {
      clock,
      network,
      routes,
      records,
      random: random.fork(name),
      isStored,
      isHostile,
      consensus,
      probationMs,
      guestShare,
      admission,
      onEvent(who, event, isRepeated) {
        note(name, () => eventText(event));
        // The library of a hostile member sees what the puppet does to it.
        if (event.kind === "error" && FAULTS.includes(event.code) && !isHostile)
          violate(`${name}: ${eventText(event)}`);
        if (isRepeated && !isHostile) violate(`${name}: an event came twice: ${eventText(event)}`);
        for (const observer of eventObservers) observer(who, event);
        noteActivity(who);
      },
      onMerge(who, merge) {
        for (const observer of mergeObservers) observer(who, merge);
      },
      onDeath(who) {
        note(name, () => "dies at a write");
        for (const observer of deathObservers) observer(who);
      },
      onRefusal: onLine && ((_, report) => note(name, () => refusalText(report))),
      onDelivery(who) {
        count("copies delivered");
        noteActivity(who);
      },
    });
    people.push(person);
    await person.start();
    return person;
  }

  return {
    clock,
    network,
    links,
    routes,
    records,
    plan,
    random,
    people,
    door,
    packets,
    counts,
    violations,
    enter,
    after: (ms, act) => void clock.wakeAt(clock.monotonicMs() + ms, act),
    occur: (name, ms, act) =>
      void clock.wakeAt(clock.monotonicMs() + ms, () => {
        if (plan.has(name)) act();
      }),
    onEvent: (observer) => void eventObservers.push(observer),
    onMerge: (observer) => void mergeObservers.push(observer),
    onPacket: (observer) => void packetObservers.push(observer),
    onActivity: (observer) => void activityObservers.push(observer),
    onDeath: (observer) => void deathObservers.push(observer),
    command(person, text, run) {
      note(person.name, () => text);
      run().catch((error: unknown) => {
        if (error instanceof DemlsError) note(person.name, () => `${text}: ${error.code}`);
        else violate(`${person.name}: ${text} rejected with ${String(error)}`);
      });
    },
    count,
    violate,
    note,
  };
}

function timeText(ms: number): string {
  return `${String(Math.floor(ms / 60_000)).padStart(3)}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, "0")}`;
}

function eventText(event: ConversationEvent): string {
  const { kind, ...rest } = event;
  return `${kind} ${JSON.stringify(rest, textOfValue)}`;
}

function refusalText({ packet, outcome }: InboundReport): string {
  const { kind, ...rest } = outcome;
  return `${kind} ${packet.subtopic} ${JSON.stringify(rest, textOfValue)}`;
}

function textOfValue(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (key === "content" || key === "keyPackage" || key === "redemption") return undefined;
  return typeof value === "string" && value.length > 16 && /^[0-9a-f]+$/.test(value)
    ? value.slice(0, 8)
    : value;
}
