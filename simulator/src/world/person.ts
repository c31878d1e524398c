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
import { memberIdFromBytes, type Clock, type MemberId, type Transport } from "@demls/wire/core";
import { createUser, type Conversation, type ConversationEvent, type User } from "demls";
import type { InboundReport } from "demls/trace";
import { createDiary, type Diary } from "./diary.js";
import { createMemberClock, type MemberClock } from "./member-clock.js";

/** Name of the conversation of every life. */
const GARDEN = "garden";

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
  /** Starts a process, which continues from the storage. */
  start(): Promise<void>;
  create(): Promise<void>;
  join(): Promise<void>;
  sleep(): void;
  wake(): void;
  /** Lets the process die at one of its next writes. Without a storage, nothing happens. */
  armDeath(write: number, moment: DeathMoment): void;
  disarmDeath(): void;
}

/** A person's surroundings. */
export interface Surroundings {
  readonly clock: Clock;
  readonly network: SeededNetwork;
  readonly random: SeededRandom;
  /** Whether it keeps its state in a storage. */
  readonly isStored: boolean;
  /** Called with each event of its conversations. */
  readonly onEvent: (person: Person, event: ConversationEvent, isRepeated: boolean) => void;
  /** Called when its process has died at a write. */
  readonly onDeath: (person: Person) => void;
  /** Called with each packet that its library has not accepted; `undefined` saves the reports. */
  readonly onRefusal: ((person: Person, report: InboundReport) => void) | undefined;
  /** Called with each packet that reaches its process. */
  readonly onDelivery: () => void;
}

interface Connection extends Transport {
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
    random,
    isStored,
    onEvent,
    onDeath,
    onRefusal,
    onDelivery,
  } = surroundings;
  const identity = random.fork("identity").bytes(20);
  const signer = createFakeSigner(identity);
  const disk: MemoryStorage | undefined = isStored ? createMemoryStorage() : undefined;
  const diary = createDiary();
  let process: Process | undefined;
  let isAsleep = false;
  let starts = 0;

  function connect(): Connection {
    const wire = network.join({ name });
    let subscriptions = 0;
    return {
      get isListening() {
        return subscriptions > 0;
      },
      close: () => wire.close(),
      async publish(packet) {
        if (person.isRefusing) throw new Error("The network is down.");
        await wire.publish(packet);
      },
      async subscribe(conversationId, listener) {
        const unsubscribe = await wire.subscribe(conversationId, (packet) => {
          if (isAsleep) return;
          onDelivery();
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
    const mls = createFakeMlsService({
      identity,
      random: own.fork("mls"),
      wallMs: () => clock.wallMs(),
      ...(signatureKeyPair && { signatureKeyPair }),
    });
    const user = await createUser({
      signer,
      transport,
      clock,
      random: own.fork("session"),
      display: name,
      plugins: { mls, verifier: fakeVoteVerifier },
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
    start,
    async create() {
      await process?.user?.createConversation(GARDEN);
    },
    async join() {
      await process?.user?.joinConversation(GARDEN);
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
