import {
  createMemoryNetwork,
  createUser,
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

/** One person of the play: a user of its own, with a key, a transport and, once it takes part, a conversation. */
export interface Actor {
  readonly name: string;
  readonly user: User;
  conversation: Conversation | undefined;
}

/** Everyone in the play, and what the seed decides for it. */
export interface Cast {
  readonly actors: readonly Actor[];
  readonly random: SeededRandom;
  nameOf(id: MemberId): string;
  close(): Promise<void>;
}

/** Makes the members; nothing but copied bytes will pass between them. */
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
  const conversationConfig = quickTimings(options);
  const actors = await Promise.all(
    names.map(async (name): Promise<Actor> => {
      const user = await createUser({
        key: random.fork(`key of ${name}`).bytes(32),
        display: name,
        clock,
        transport: network.join({ name }),
        plugins: {
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
 * Timings short enough to watch: every vote, freeze and election still runs on its real clock. All
 * members share one processor here, so the more there are, the longer each of them may take.
 */
function quickTimings({ members, delayMs }: DemoOptions): ConversationConfig {
  const slack = 20 * members + 2 * delayMs.max;
  return {
    votingDelayMs: 100 + slack,
    electionVotingDelayMs: 50 + slack,
    // Nobody here runs 3.0.0.
    quietAfterCommitMs: 0,
    consensusTimeoutMs: 5_000,
    commitInactivityMs: 200 + 2 * slack,
    freezeMs: 300 + 3 * slack,
    recoveryInactivityMs: 200 + 2 * slack,
    proposalExpirationMs: 60_000,
    pendingUpdateMaxEpochs: 3,
    maxReelectionAttempts: 1,
    livenessCriteriaYes: true,
  };
}

/** Flips a bit at the end of a commit, where its authentication tag is. */
function damageCandidate(packet: Packet): Packet {
  const message = decodeAppMessage(packet.payload);
  if (!message.ok || message.value.kind !== "commit_candidate") return packet;
  const { commitMessage } = message.value.candidate;
  const payload = Uint8Array.from(packet.payload);
  // The commit is the third field, before the steward's identity: its last byte is found by its bytes.
  const at = indexOfBytes(payload, commitMessage) + commitMessage.length - 1;
  payload[at] = (payload[at] ?? 0) ^ 1;
  return { ...packet, payload };
}

function indexOfBytes(haystack: Uint8Array, needle: Uint8Array): number {
  return haystack.findIndex((_, start) => needle.every((byte, i) => haystack[start + i] === byte));
}
