import { bytesToHex, type MemberId } from "@demls/wire/core";
import {
  createUserFrom,
  storedSignatureKeyPair,
  type Conversation,
  type ConversationEvent,
  type User,
  type UserPlugins,
} from "../../src/index.js";
import { createMemoryStorage } from "@demls/storage-memory";
import { createMortalStorage, type DeathMoment, type MortalStorage, type VirtualClock } from "@demls/testkit";
import type { RandomSource } from "@demls/wire/core";
import type { RedeliveringNetwork, RedeliveringTransport } from "./redelivering-network.js";

/** Time in ms until a crashed process restarts. */
const RESTART_MS = 20;

/** Time of a crash: before or after the n-th write from now on, counted from 1. */
export interface Death {
  readonly write: number;
  readonly moment: DeathMoment;
}

/** Creates the layers of a member; called again after a restart with the stored signature key. */
export type LayersOf = (
  name: string,
  signatureKeyPair: Awaited<ReturnType<typeof storedSignatureKeyPair>>,
) => Promise<{ readonly plugins: UserPlugins; readonly identity: Uint8Array }>;

/** Network, clock and storage of a member. */
export interface Habitat {
  readonly clock: VirtualClock;
  readonly network: RedeliveringNetwork;
  readonly random: RandomSource;
  readonly layersOf: LayersOf;
}

/** A member whose process may crash and restarts from its storage. */
export interface MortalMember {
  readonly name: string;
  readonly id: MemberId;
  /** `undefined` while its process is down. */
  readonly user: User | undefined;
  readonly garden: Conversation | undefined;
  readonly deaths: number;
  readonly storage: MortalStorage;
  /** Events recorded by its application; they outlive the process. */
  readonly diary: readonly ConversationEvent[];
  /** Packets ignored as replayed on first delivery: a generation was used twice. */
  readonly reused: readonly string[];
  /** Lets it die at a later write. `undefined` cancels a death that has not happened. */
  arm(death: Death | undefined): void;
  /** Called after each restart. */
  onReturn: () => void;
  close(): Promise<void>;
}

export async function createMortalMember(
  name: string,
  habitat: Habitat,
  death: Death | undefined,
): Promise<MortalMember> {
  const { clock, network, random, layersOf } = habitat;
  const disk = createMemoryStorage();
  const diary: ConversationEvent[] = [];
  /** Number of deliveries of each packet. */
  const deliveries = new Map<string, number>();
  const reused: string[] = [];
  let user: User | undefined;
  let storage!: MortalStorage;
  let transport: RedeliveringTransport;
  let deaths = 0;
  /** The death that has not happened. */
  let pending = death;
  let died: () => void = () => undefined;

  function observe(garden: Conversation): void {
    garden.handleEvents((event) => void diary.push(event));
    garden.admin.inbound$.subscribe(({ packet, outcome }) => {
      const detail = JSON.stringify(outcome);
      if (detail.includes("replayed") && deliveries.get(bytesToHex(packet.payload)) === 1)
        reused.push(`${packet.subtopic} ${detail}`);
    });
  }

  async function begin(missedSinceMs?: number): Promise<void> {
    const life = new Promise<void>((resolve) => (died = resolve));
    storage = createMortalStorage(disk, die);
    if (pending !== undefined) storage.arm(pending.write, pending.moment);
    transport = counted(network.join(missedSinceMs), deliveries);
    const { plugins } = await layersOf(name, await storedSignatureKeyPair(storage));
    const display = name;
    const parts = { display, plugins, transport, clock, random, storage, history: "all" } as const;
    const born = createUserFrom(parts);
    // Promises of a crashed process never settle.
    await Promise.race([
      born.then((alive) => {
        user = alive;
        for (const garden of alive.conversations.values()) observe(garden);
        alive.lifecycle$.subscribe((change) => {
          if (change.kind === "created") observe(change.conversation);
        });
      }),
      life,
    ]);
  }

  function die(): void {
    deaths += 1;
    pending = undefined;
    user = undefined;
    void transport.close();
    died();
    const atMs = clock.monotonicMs();
    clock.wakeAt(atMs + RESTART_MS, () => {
      void begin(atMs).then(() => member.onReturn());
    });
  }

  await begin();
  const { identity } = await layersOf(name, undefined);
  const member: MortalMember = {
    name,
    id: bytesToHex(identity) as MemberId,
    get user() {
      return user;
    },
    get garden() {
      return user?.conversations.get("garden");
    },
    get deaths() {
      return deaths;
    },
    get storage() {
      return storage;
    },
    diary,
    reused,
    arm(next) {
      pending = next;
      if (next === undefined) storage.disarm();
      else storage.arm(next.write, next.moment);
    },
    onReturn: () => undefined,
    async close() {
      await user?.close();
    },
  };
  return member;
}

function counted(transport: RedeliveringTransport, deliveries: Map<string, number>): RedeliveringTransport {
  return {
    ...transport,
    subscribe: (conversationId, hear) =>
      transport.subscribe(conversationId, (packet) => {
        const bytes = bytesToHex(packet.payload);
        deliveries.set(bytes, (deliveries.get(bytes) ?? 0) + 1);
        hear(packet);
      }),
  };
}
