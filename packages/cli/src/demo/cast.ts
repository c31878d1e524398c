import {
  admitAll,
  createMemoryNetwork,
  createUser,
  defaultConversationConfig,
  type Clock,
  type Conversation,
  type ConversationConfig,
  type MemberId,
  type Packet,
  type User,
} from "demls";
import { decodeAppMessage } from "@demls/wire";
import type { DemoOptions } from "./options.js";
import { createSeededRandom, type SeededRandom } from "./seeded-random.js";

const NAMES = [
  "ada",
  "bela",
  "chen",
  "dora",
  "emil",
  "farah",
  "goran",
  "hana",
  "ines",
  "jonas",
  "kofi",
  "lena",
  "mira",
  "noor",
  "otto",
  "pia",
];

/** One participant of the demo: a user with its own key and transport, and a conversation after it has joined. */
export interface Actor {
  readonly name: string;
  readonly user: User;
  conversation: Conversation | undefined;
}

/** All participants of the demo, and the random source of the seed. */
export interface Cast {
  readonly actors: readonly Actor[];
  readonly random: SeededRandom;
  nameOf(id: MemberId): string;
  close(): Promise<void>;
}

/** Creates the participants. They exchange copied bytes only. */
export async function createCast(options: DemoOptions, clock: Clock): Promise<Cast> {
  const random = createSeededRandom(options.seed);
  const names = random.fork("names").shuffle(NAMES).slice(0, options.members);
  const victim = options.corrupt === undefined ? undefined : names[options.corrupt - 1];
  const network = createMemoryNetwork({
    clock,
    random: random.fork("delays"),
    delayMs: options.delayMs,
    intercept: (packet, { to }) => (to === victim ? damageCandidate(packet) : packet),
  });
  const conversationConfig = quickVotes(options);
  const actors = await Promise.all(
    names.map(async (name): Promise<Actor> => {
      const user = await createUser({
        key: random.fork(`key of ${name}`).bytes(32),
        display: name,
        clock,
        transport: network.join({ name }),
        plugins: {
          admission: admitAll,
          conversationConfig,
          stewardListConfig: { snMin: 1, snMax: 3, allowSubsetCandidates: false },
        },
      });
      return { name, user, conversation: undefined };
    }),
  );
  const byId = new Map(actors.map(({ user, name }) => [user.id, name]));
  return {
    actors,
    random: random.fork("choices"),
    nameOf: (id) => byId.get(id) ?? id.slice(0, 8),
    close: async () => void (await Promise.all(actors.map(({ user }) => user.close()))),
  };
}

/**
 * The settings of a library user, but for votes that end soon, so that the demo takes seconds. All members share one process,
 * so that the time to vote grows with their number.
 */
function quickVotes({ members, delayMs }: DemoOptions): ConversationConfig {
  const slack = 20 * members + 2 * delayMs.max;
  return {
    ...defaultConversationConfig,
    votingDelayMs: 100 + slack,
    deliberationMs: 100 + slack,
    // All five came in a minute ago, and vote on a ban.
    probationMs: 0,
    guestShare: 0,
  };
}

/** Flips a bit of the authentication tag at the end of a commit. */
function damageCandidate(packet: Packet): Packet {
  const message = decodeAppMessage(packet.payload);
  if (!message.ok || message.value.kind !== "commit_candidate") return packet;
  const { commitMessage } = message.value.candidate;
  const payload = Uint8Array.from(packet.payload);
  // The steward's identity follows the commit, so that the commit's last byte is located by searching its bytes.
  const at = indexOfBytes(payload, commitMessage) + commitMessage.length - 1;
  payload[at] = (payload[at] ?? 0) ^ 1;
  return { ...packet, payload };
}

function indexOfBytes(haystack: Uint8Array, needle: Uint8Array): number {
  return haystack.findIndex((_, start) => needle.every((byte, i) => haystack[start + i] === byte));
}
