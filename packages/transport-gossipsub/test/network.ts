import { createSeededRandom } from "@demls/testkit";
import type { Clock } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import type { FramingName } from "../src/index.js";
import { startGossipsub, type GossipsubNodeTransport } from "../src/node/index.js";

/** The platform's clock, since sockets run in real time. */
export const platformClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wakeAt(atMs, callback) {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()) + 1);
    return () => clearTimeout(timer);
  },
};

/** Members on loopback, all connected to the first. */
export interface GossipsubNetwork {
  join(): Promise<GossipsubNodeTransport>;
  readonly members: readonly GossipsubNodeTransport[];
}

const random = createSeededRandom("gossipsub");

export function createGossipsubNetwork(framing: FramingName, clock: Clock = platformClock): GossipsubNetwork {
  const members: GossipsubNodeTransport[] = [];
  return {
    members,
    async join() {
      const dial = members.slice(0, 1).flatMap(({ addresses }) => addresses);
      const member = await startGossipsub({ clock, random, framing, dial });
      members.push(member);
      return member;
    },
  };
}

/** Resolves when `member` has `count` mesh peers for a conversation, since it forwards packets only to those. */
export async function hasMesh(
  member: GossipsubNodeTransport,
  conversationId: string,
  count: number,
): Promise<void> {
  await firstValueFrom(
    member.connection$.pipe(
      filter(({ topics }) =>
        topics.some((topic) => topic.conversationIds.includes(conversationId) && topic.mesh >= count),
      ),
    ),
  );
}
