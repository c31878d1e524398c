import { setTimeout as delay } from "node:timers/promises";
import type { ChannelKind } from "./channel.js";
import { startMember, type MemberProcess } from "./member-process.js";

/** Two of gossipsub's heartbeats: by then the mesh is what it will be. */
const SETTLE_MS = 2_000;

/** After so long a silence nothing more will come: gossipsub asks for what it lacks by its heartbeat, each second. */
const SILENCE_MS = 5_000;

/** How often is looked for arrivals. */
const LOOK_MS = 100;

/** Members in processes of their own, each connected to each. */
export interface Group {
  readonly kind: ChannelKind;
  readonly size: number;
  /** Has the first member send texts at a steady rate, and waits until nothing more arrives. */
  exchange(count: number, perSecond: number): Promise<Exchange>;
  /** Resident bytes of each member's process. */
  weigh(): Promise<readonly number[]>;
  kill(): void;
}

/** What came of texts sent at a steady rate. */
export interface Exchange {
  /** From sending to arrival in ms, in no order, of all receivers. */
  readonly latenciesMs: readonly number[];
  /** Texts that some receiver did not get, or that were not even taken; of the receiver with the most. */
  readonly lost: number;
  /** How long after its time the last text was taken. */
  readonly behindMs: number;
}

export async function startGroup(kind: ChannelKind, size: number): Promise<Group> {
  const members = Array.from({ length: size }, (_, index) =>
    startMember(kind, index === 0 ? "founder" : "joiner"),
  );
  const kill = (): void => members.forEach((member) => member.kill());
  try {
    await connect(members);
    await Promise.all(members.map((member) => member.tell({ do: "open", members: size })));
    await delay(SETTLE_MS);
  } catch (error) {
    kill();
    throw error;
  }
  const [sender, ...receivers] = members as [MemberProcess, ...MemberProcess[]];
  return {
    kind,
    size,
    async exchange(count, perSecond) {
      // What came late belongs to no later exchange.
      await Promise.all(receivers.map((receiver) => receiver.tell({ do: "take-arrivals" })));
      const sent = await sender.tell({ do: "send", count, perSecond });
      const arrivals = await Promise.all(receivers.map((receiver) => arrivalsOf(receiver, count)));
      return {
        latenciesMs: arrivals.flat(),
        lost: count - Math.min(sent.taken, ...arrivals.map(({ length }) => length)),
        behindMs: sent.behindMs,
      };
    },
    weigh: () => Promise.all(members.map((member) => member.tell({ do: "weigh" }))),
    kill,
  };
}

async function connect(members: readonly MemberProcess[]): Promise<void> {
  const addresses: string[] = [];
  const ofEach = await Promise.all(members.map((member) => member.tell({ do: "start" })));
  for (const [index, member] of members.entries()) {
    await member.tell({ do: "dial", addresses });
    addresses.push(...(ofEach[index] ?? []));
  }
}

/** What has arrived once all is in, or nothing more comes. */
async function arrivalsOf(receiver: MemberProcess, count: number): Promise<readonly number[]> {
  const arrivals: number[] = [];
  let silentMs = 0;
  for (;;) {
    const further = await receiver.tell({ do: "take-arrivals" });
    arrivals.push(...further);
    silentMs = further.length > 0 ? 0 : silentMs + LOOK_MS;
    if (arrivals.length >= count || silentMs >= SILENCE_MS) return arrivals;
    await delay(LOOK_MS);
  }
}
