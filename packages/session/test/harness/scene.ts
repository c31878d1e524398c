import type { ConsensusSigner } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import { createSeededRandom, createVirtualClock, type VirtualClock } from "@demls/testkit";
import type { MemberId, RandomSource, Storage } from "@demls/wire/core";
import { onTestFinished } from "vitest";
import {
  type AdmissionPolicy,
  type Conversation,
  type ConversationEvent,
  createUserFrom,
  type LifecycleEvent,
  type User,
  type UserOptions,
} from "../../src/index.js";
import type { InboundReport } from "../../src/trace/index.js";
import { storedSignatureKeyPair } from "../../src/storage/user-store.js";
import { isSettled } from "./agreement.js";
import { createMemberLayers } from "./layers.js";
import { createMoodyNetwork, type MoodyNetwork, type MoodyTransport } from "./moody-network.js";
import { setPlatformDate } from "./platform-date.js";

const WALL_MS = Date.UTC(2026, 0, 1);

/** Maximum virtual time of a wait. */
const PATIENCE_MS = 900_000;

/** A user with the objects that a test may inspect or modify. */
export interface Person {
  readonly name: string;
  readonly id: MemberId;
  readonly user: User;
  readonly options: UserOptions;
  readonly mls: MlsService;
  readonly transport: MoodyTransport;
  /** Key that signs the votes. */
  readonly secretKey: Uint8Array;
  /** Events of its conversations, with their names, and of its registry. */
  readonly lifecycle: readonly LifecycleEvent[];
  readonly events: readonly ToldEvent[];
  readonly inbound: readonly InboundReport[];
  /** Called between a signature request and its answer; signs at once by default. */
  signing: (sign: () => Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

export type ToldEvent = ConversationEvent & { readonly conversation: string };

/** One conversation for each person. */
export type ConversationsOf<People extends readonly Person[]> = { [Index in keyof People]: Conversation };

export interface SceneOptions {
  readonly seed: string;
  /** Fakes for MLS and signing, a hundred times faster, for tests that need no cryptography. @default false */
  readonly fakes?: boolean;
  /** Wall clock at the start, in ms. @default the beginning of 2026 */
  readonly wallMs?: number;
}

/** Options of {@link Scene.enter}. */
export interface EntryOptions {
  readonly history?: UserOptions["history"];
  readonly voteKey?: Uint8Array | undefined;
  /** @default everyone is admitted */
  readonly admission?: AdmissionPolicy;
  /** Changes the randomness of the user's MLS service. */
  readonly mlsRandom?: (random: RandomSource) => RandomSource;
  /** Milliseconds by which the user's wall clock is ahead of the others'. @default 0 */
  readonly clockAheadMs?: number;
}

/** Users on one network, in virtual time. */
export interface Scene {
  readonly clock: VirtualClock;
  readonly network: MoodyNetwork;
  /**
   * @param storage - storage of the user, if any.
   * @param options - which chat it keeps; key of the user that the storage holds, a new user by default.
   */
  enter(name: string, storage?: Storage, options?: EntryOptions): Promise<Person>;
  /** Advances time until `condition` holds; fails after a quarter of an hour. */
  until(condition: () => boolean): Promise<void>;
  /** Waits until all users are idle, without advancing time. */
  settle(): Promise<void>;
  /**
   * The first user creates the conversation, the others join it together; resolves when all have joined and are idle.
   */
  gather<People extends readonly Person[]>(
    conversation: string,
    ...people: People
  ): Promise<ConversationsOf<People>>;
  close(): Promise<void>;
}

/**
 * A scene of one test, with its users by name; closes after the test.
 *
 * @param options - options, or only the seed.
 */
export async function openScene<Name extends string>(
  options: string | SceneOptions,
  ...names: readonly Name[]
): Promise<{ readonly scene: Scene } & Readonly<Record<Name, Person>>> {
  const scene = createScene(options);
  onTestFinished(() => scene.close());
  const people = {} as Record<Name, Person>;
  for (const name of names) people[name] = await scene.enter(name);
  return { scene, ...people };
}

/** A scene without users; its creator closes it. */
export function createScene(options: string | SceneOptions): Scene {
  const given: SceneOptions = typeof options === "string" ? { seed: options } : options;
  const { seed, fakes = false, wallMs = WALL_MS } = given;
  const random = createSeededRandom(seed);
  const people: Person[] = [];
  /** Number of events so far, to detect idleness. */
  let happened = 0;
  // ts-mls reads the platform's date, which must be close to the scene's.
  setPlatformDate(wallMs);
  const clock = createVirtualClock({ settle, wallMs });
  const network = createMoodyNetwork(() => clock.monotonicMs());

  function settle(): Promise<void> {
    return rest(
      () => people.map(({ user }) => user),
      () => happened,
    );
  }

  async function enter(
    name: string,
    storage?: Storage,
    { history, voteKey, admission, clockAheadMs = 0, mlsRandom = (random) => random }: EntryOptions = {},
  ): Promise<Person> {
    const own = random.fork(name);
    const secretKey = voteKey ?? own.fork("key").bytes(fakes ? 20 : 32);
    const signatureKeyPair = voteKey && storage && (await storedSignatureKeyPair(storage));
    const layers = await createMemberLayers({
      fakes,
      voteKey: secretKey,
      ...(signatureKeyPair && { signatureKeyPair }),
      random: mlsRandom(own.fork("mls")),
      wallMs: () => clock.wallMs() + clockAheadMs,
    });
    const { identity, mls } = layers;
    const transport = network.join();
    const signer: ConsensusSigner = {
      identity,
      sign: async (message) => person.signing(() => layers.signer.sign(message)),
    };
    const userOptions: UserOptions = {
      display: name,
      plugins: { ...layers.plugins, signer, ...(admission && { admission }) },
      transport,
      clock: {
        monotonicMs: () => clock.monotonicMs(),
        wallMs: () => clock.wallMs() + clockAheadMs,
        wakeAt: (atMs, callback) => clock.wakeAt(atMs, callback),
      },
      random: own.fork("session"),
      ...(storage && { storage }),
      ...(history && { history }),
    };
    const user = await createUserFrom(userOptions);
    const told = record(user, () => (happened += 1));
    const person: Person = {
      name,
      id: user.id,
      user,
      options: userOptions,
      mls,
      transport,
      secretKey,
      ...told,
      signing: (sign) => sign(),
    };
    people.push(person);
    return person;
  }

  async function until(condition: () => boolean): Promise<void> {
    if (!(await clock.advanceUntil(condition, PATIENCE_MS))) throw new Error("It did not come about.");
  }

  async function gather<People extends readonly Person[]>(
    name: string,
    ...people: People
  ): Promise<ConversationsOf<People>> {
    const conversations: Conversation[] = [];
    for (const [index, { user }] of people.entries())
      conversations.push(
        await (index === 0 ? user.createConversation(name) : user.join({ name }).conversation),
      );
    const size = conversations.length;
    await until(() => conversations.every(({ state }) => isSettled(state, size)));
    return conversations as ConversationsOf<People>;
  }

  return {
    clock,
    network,
    enter,
    until,
    settle,
    gather,
    close: async () => void (await Promise.all(people.map(({ user }) => user.close()))),
  };
}

/**
 * Waits until all of these users are idle, without advancing time.
 *
 * @param happened increases with each of their actions
 */
export async function rest(users: () => readonly User[], happened: () => number): Promise<void> {
  for (let seen = -1; seen !== happened();) {
    seen = happened();
    await turnOfEventLoop();
    const conversations = users().flatMap((user) => [...user.conversations.values()]);
    await Promise.all(conversations.map((conversation) => conversation.admin.idle()));
    await turnOfEventLoop();
  }
}

/** Records all output of a user. */
function record(user: User, onChange: () => void): Pick<Person, "lifecycle" | "events" | "inbound"> {
  const lifecycle: LifecycleEvent[] = [];
  const events: ToldEvent[] = [];
  const inbound: InboundReport[] = [];
  const follow = ({ name, events$, admin, state$ }: Conversation): void => {
    events$.subscribe((event) => events.push({ ...event, conversation: name }));
    admin.inbound$.subscribe((report) => inbound.push(report));
    state$.subscribe(onChange);
  };
  user.lifecycle$.subscribe((change) => {
    lifecycle.push(change);
    onChange();
    if (change.kind === "created") follow(change.conversation);
  });
  for (const restored of user.conversations.values()) follow(restored);
  return { lifecycle, events, inbound };
}

/** All resolved promises run before the next task. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Current state of a promise, without waiting for it. */
export function watch(promise: Promise<unknown>): {
  outcome: "pending" | "resolved" | "rejected";
  error?: unknown;
} {
  const watched: { outcome: "pending" | "resolved" | "rejected"; error?: unknown } = { outcome: "pending" };
  promise.then(
    () => (watched.outcome = "resolved"),
    (error: unknown) => Object.assign(watched, { outcome: "rejected", error }),
  );
  return watched;
}
