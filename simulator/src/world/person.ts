import type { HashgraphConsensus } from "@demls/consensus";
import { storedSignatureKeyPair } from "@demls/session";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import {
  createFakeMlsService,
  createFakeSigner,
  createMortalStorage,
  fakeVoteVerifier,
  type DeathMoment,
  type MortalStorage,
  type SeededNetwork,
  type SeededRandom,
} from "@demls/testkit";
import {
  DemlsError,
  hexToBytes,
  memberIdFromBytes,
  type Clock,
  type MemberId,
  type Packet,
  type Transport,
} from "@demls/wire/core";
import {
  admitAll,
  createUser,
  type AdmissionPolicy,
  type ConsensusSigner,
  type Conversation,
  type ConversationEvent,
  type JoinAttempt,
  type JoinOptions,
  type User,
} from "demls";
import type { InboundReport } from "demls/trace";
import { createDiary, type Diary } from "./diary.js";
import { createMemberClock, type MemberClock } from "./member-clock.js";
import { createPuppet, type Puppet } from "./puppet.js";
import type { Merge, Records } from "./records.js";
import type { Routes } from "./routes.js";
import { watchedMls } from "./watched-mls.js";

/** Name of the conversation of every life. */
export const GARDEN = "garden";

/** Settings of a group that answers a key package before an honest one. */
const AT_ONCE = { votingDelayMs: 100, commitInactivityMs: 1_000, freezeMs: 100, guestShare: 0 };

/** A packet that a hostile member publishes in place of its library's. */
export interface Sending {
  readonly packet: Packet;
  /** Whether a member receives it, by name. */
  readonly to: (name: string) => boolean;
}

/** A member's device: its processes, clocks, network and storage, one after the other. */
export interface Person {
  readonly name: string;
  readonly id: MemberId;
  readonly diary: Diary;
  /** Undefined while its process is down, and while it is in no group and asks for none. */
  readonly conversation: Conversation | undefined;
  /** Whether its process runs and is not asleep. */
  readonly isAwake: boolean;
  /** Whether its process subscribes to the conversation. */
  readonly isListening: boolean;
  /** Whether the device was never started, or its process is down. */
  readonly isDown: boolean;
  /** Difference of its wall clock from the world's. */
  wallSkewMs: number;
  /** Whether its transport rejects packets. */
  isRefusing: boolean;
  /** Whether its transport says that nobody is there. */
  isAlone: boolean;
  /** Whether its storage has lost an acknowledged batch, so that it may contradict itself. */
  hasLostBatch: boolean;
  /** The keys of a hostile member; undefined for an honest one. */
  readonly puppet: Puppet | undefined;
  readonly signer: ConsensusSigner;
  /** Decides what a hostile member publishes in place of a packet of its library. */
  intercept: ((packet: Packet) => Promise<readonly Sending[]>) | undefined;
  /** Called with each packet that a hostile member receives. */
  overhear: ((packet: Packet) => void) | undefined;
  /** Starts a process, which continues from the storage. */
  start(): Promise<void>;
  create(): Promise<void>;
  join(): Promise<void>;
  /** Tries to join by an invitation; undefined while its process is down. */
  attempt(line: string, options: JoinOptions): JoinAttempt | undefined;
  /** Creates a group of its own with the id of another one, which answers every key package at once. */
  counterfeit(groupId: string): Promise<void>;
  sleep(): void;
  wake(): void;
  /** Publishes a packet that its library did not make. */
  publish(sending: Sending): Promise<void>;
  /** Lets the process die at one of its next writes. Without a storage, nothing happens. */
  armDeath(write: number, moment: DeathMoment): void;
  disarmDeath(): void;
}

/** A person's surroundings. */
export interface Surroundings {
  readonly clock: Clock;
  readonly network: SeededNetwork;
  readonly random: SeededRandom;
  readonly routes: Routes;
  readonly records: Records;
  /** Whether it keeps its state in a storage. */
  readonly isStored: boolean;
  readonly isHostile: boolean;
  readonly consensus: HashgraphConsensus | undefined;
  readonly probationMs: number;
  /** Bound on the guests of a member: one for so many; 0: none. */
  readonly guestShare: number;
  readonly admission: AdmissionPolicy;
  /** Called when it has entered an epoch by a commit. */
  readonly onMerge: (person: Person, merge: Merge) => void;
  /** Called with each event of its conversations. */
  readonly onEvent: (person: Person, event: ConversationEvent, isRepeated: boolean) => void;
  /** Called when its process has died at a write. */
  readonly onDeath: (person: Person) => void;
  /** Called with each packet that its library has not accepted; `undefined` saves the reports. */
  readonly onRefusal: ((person: Person, report: InboundReport) => void) | undefined;
  /** Called with each packet that reaches its process. */
  readonly onDelivery: (person: Person) => void;
}

interface Connection extends Transport {
  /** Publishes without the faults of this member's own connection. */
  readonly wire: Transport;
  readonly isListening: boolean;
  close(): Promise<void>;
}

/** One process of a person. */
interface Process {
  readonly clock: MemberClock;
  readonly storage: MortalStorage | undefined;
  readonly transport: Connection;
  user: User | undefined;
}

export function createPerson(name: string, surroundings: Surroundings): Person {
  const {
    clock: worldClock,
    network,
    routes,
    records,
    random,
    isStored,
    isHostile,
    consensus,
    probationMs,
    guestShare,
    admission,
    onEvent,
    onMerge,
    onDeath,
    onRefusal,
    onDelivery,
  } = surroundings;
  const identity = random.fork("identity").bytes(20);
  const signer = createFakeSigner(identity);
  const disk: MemoryStorage | undefined = isStored ? createMemoryStorage() : undefined;
  const diary = createDiary();
  /** The last merge into each epoch; a step that fails may have made an earlier one. */
  const merges = new Map<bigint, Merge>();
  let puppet: Puppet | undefined;
  let process: Process | undefined;
  let isAsleep = false;
  let starts = 0;
  /** Id of the group that a hostile person creates now. */
  let copiedId: Uint8Array | undefined;

  function connect(): Connection {
    const wire = network.join({ name });
    let subscriptions = 0;
    return {
      wire,
      get isListening() {
        return subscriptions > 0;
      },
      close: () => wire.close(),
      async publish(packet) {
        if (person.isRefusing) throw new Error("The network is down.");
        if (person.isAlone) throw new DemlsError("no-peers", { message: "Nobody is there." });
        if (person.intercept === undefined) return routes.publish(wire, packet, name);
        for (const { packet: sent, to } of await person.intercept(packet)) await send(wire, sent, to);
      },
      async subscribe(conversationId, listener) {
        const unsubscribe = await wire.subscribe(conversationId, (packet) => {
          if (isAsleep) return;
          onDelivery(person);
          person.overhear?.(packet);
          listener(packet);
        });
        subscriptions += 1;
        return () => {
          subscriptions -= 1;
          return unsubscribe();
        };
      },
    };
  }

  async function send(wire: Transport, packet: Packet, to: (name: string) => boolean): Promise<void> {
    const restore = routes.dropIf((_packet, from, receiver) => from === name && !to(receiver));
    const sent = routes.publish(wire, packet, name);
    restore();
    await sent;
  }

  function die(): void {
    process?.clock.stop();
    void process?.transport.close();
    process = undefined;
    isAsleep = false;
    onDeath(person);
  }

  function observe(conversation: Conversation): void {
    const noteEpoch = (): void => {
      const { epoch, epochAuthenticator } = conversation.state;
      if (epoch !== undefined && epochAuthenticator !== undefined) diary.noteEpoch(epoch, epochAuthenticator);
    };
    diary.noteBeginning(conversation.state.epoch !== undefined, worldClock.monotonicMs());
    noteEpoch();
    if (onRefusal !== undefined)
      conversation.admin.inbound$.subscribe((report) => {
        if (report.outcome.kind !== "accepted") onRefusal(person, report);
      });
    conversation.handleEvents((event) => {
      if (event.kind === "commitApplied" || event.kind === "joined") noteEpoch();
      const merge = event.kind === "commitApplied" ? merges.get(event.epoch) : undefined;
      if (merge !== undefined) onMerge(person, merge);
      onEvent(person, event, diary.noteEvent(event, worldClock.monotonicMs()));
    });
  }

  async function start(): Promise<void> {
    starts += 1;
    diary.noteStart();
    const own = random.fork(`process ${starts}`);
    const clock = createMemberClock(worldClock, () => person.wallSkewMs);
    const storage = disk && createMortalStorage(disk, die);
    const transport = connect();
    const current: Process = { clock, storage, transport, user: undefined };
    process = current;
    const signatureKeyPair = storage && (await storedSignatureKeyPair(storage));
    const mlsRandom = own.fork("mls");
    const fake = createFakeMlsService({
      identity,
      random: {
        ...mlsRandom,
        bytes: (length) => (length === copiedId?.length ? copiedId : mlsRandom.bytes(length)),
      },
      wallMs: () => clock.wallMs(),
      ...(signatureKeyPair && { signatureKeyPair }),
    });
    const watched = watchedMls(
      fake,
      records.watch((merge) => void merges.set(merge.epoch, merge)),
    );
    puppet = isHostile ? createPuppet(watched, own.fork("puppet")) : undefined;
    const mls = puppet?.mls ?? watched;
    const user = await createUser({
      signer,
      transport,
      clock,
      random: own.fork("session"),
      display: name,
      plugins: {
        ...{ mls, verifier: fakeVoteVerifier, ...(consensus && { consensus }) },
        admission: (request) => (isHostile ? admitAll : admission)(request),
      },
      ...(storage && { storage }),
    });
    current.user = user;
    for (const conversation of user.conversations.values()) observe(conversation);
    user.lifecycle$.subscribe((change) => {
      if (change.kind === "created") observe(change.conversation);
    });
  }

  const person: Person = {
    name,
    id: memberIdFromBytes(identity),
    diary,
    get conversation() {
      return process?.user?.conversations.get(GARDEN);
    },
    get isAwake() {
      return process?.user !== undefined && !isAsleep;
    },
    get isListening() {
      return process?.transport.isListening ?? false;
    },
    get isDown() {
      return process === undefined;
    },
    wallSkewMs: 0,
    isRefusing: false,
    isAlone: false,
    hasLostBatch: false,
    get puppet() {
      return puppet;
    },
    signer,
    intercept: undefined,
    overhear: undefined,
    start,
    async publish({ packet, to }) {
      if (process !== undefined) await send(process.transport.wire, packet, to);
    },
    async create() {
      await process?.user?.createConversation(GARDEN, { config: { probationMs, guestShare } });
    },
    async join() {
      await process?.user?.join({ name: GARDEN }).conversation;
    },
    attempt: (line, options) => process?.user?.join(line, options),
    async counterfeit(groupId) {
      copiedId = hexToBytes(groupId);
      await process?.user
        ?.createConversation(GARDEN, { config: AT_ONCE })
        .finally(() => (copiedId = undefined));
    },
    sleep() {
      if (process === undefined) return;
      isAsleep = true;
      process.clock.sleep();
    },
    wake() {
      isAsleep = false;
      process?.clock.wake();
    },
    armDeath: (write, moment) => process?.storage?.arm(write, moment),
    disarmDeath: () => process?.storage?.disarm(),
  };
  return person;
}
