import { setTimeout as delay } from "node:timers/promises";
import type { ChannelKind } from "./channel.js";
import { startMember, type MemberProcess } from "./member-process.js";

/** Two gossipsub heartbeats, after which the mesh is stable. */
const SETTLE_MS = 2_000;

/** Time without arrivals after which texts count as lost. Gossipsub requests missing messages every second. */
const SILENCE_MS = 5_000;

/** Poll interval of the arrivals. */
const LOOK_MS = 100;

/** Fully connected members, each in its own process. */
export interface Group {
  readonly kind: ChannelKind;
  readonly size: number;
  /** Sends texts from the first member at a steady rate, and waits for all arrivals. */
  exchange(count: number, perSecond: number): Promise<Exchange>;
  /** Resident bytes of each member's process. */
  weigh(): Promise<readonly number[]>;
  kill(): void;
}

/** Result of sending texts at a steady rate. */
export interface Exchange {
  /** Latencies of all receivers in ms, unordered. */
  readonly latenciesMs: readonly number[];
  /** Number of texts lost or not accepted, for the receiver with the most losses. */
  readonly lost: number;
  /** Delay of the last text against its schedule. */
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
      // Drops late arrivals of earlier exchanges.
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

/** Latencies after all texts have arrived, or after a time without arrivals. */
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
