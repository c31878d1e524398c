import type { Storage } from "@demls/wire/core";
import {
  createHashgraphConsensus,
  ethereumVerifier,
  type ConsensusPlugin,
  type VoteVerifier,
} from "@demls/consensus";
import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import {
  admitAll,
  createMemoryNetwork,
  createUser,
  platformRandom,
  type Conversation,
  type User,
} from "demls";

const NAME = "garden";
/** Without bounds on newcomers, who all come at once. */
const OPEN = { probationMs: 0 };
/** Members that the founder adds with one commit; the maximum of a commit. */
const ADMITTED_AT_ONCE = 50;
/** Time limit of a wait, in virtual time. */
const LIMIT_MS = 3_600_000;

/** A member of a {@link Garden}. */
export interface Gardener {
  readonly user: User;
  readonly conversation: Conversation;
}

/** A conversation of users in one process, in virtual time. */
export interface Garden {
  readonly gardeners: readonly Gardener[];
  /** Number of delivered packets. */
  readonly deliveries: number;
  /** Bytes of the delivered packets that repair the conversation: reports, choices, requests and answers. */
  readonly repairBytes: number;
  /** Creates a user without a conversation. */
  stranger(): Promise<User>;
  /** Lets a user join, until every member has it in its member list. */
  admit(newcomer: User): Promise<void>;
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link grownGarden}. */
export interface GardenOptions {
  readonly verifier?: VoteVerifier;
  /** Whether the founder alone votes also once the group has grown. @default false */
  readonly isFounders?: boolean;
  /** The storage of a member, in the order of joining; none by default. */
  readonly storageOf?: (member: number) => Storage | undefined;
}

/**
 * Creates an idle conversation of `size` members.
 *
 * Only the founder votes while the group grows, since the votes of a hundred members would take minutes. Afterwards all
 * members vote yes as soon as they are asked.
 */
export async function grownGarden(size: number, options: GardenOptions = {}): Promise<Garden> {
  const { verifier = ethereumVerifier, isFounders = false, storageOf = () => undefined } = options;
  const clock = createVirtualClock({ wallMs: Date.now() });
  const growth = { isOver: false };
  const consensus = foundersVote(growth);
  let [deliveries, repairBytes] = [0, 0];
  const network = createMemoryNetwork({
    maxInFlight: 1_000_000,
    intercept(packet) {
      deliveries += 1;
      if (packet.subtopic === "repair") repairBytes += packet.payload.length;
      return packet;
    },
  });
  const gardeners: Gardener[] = [];

  const stranger = (): Promise<User> => {
    const storage = storageOf(gardeners.length);
    return createUser({
      key: platformRandom.bytes(32),
      transport: network.join(),
      clock,
      plugins: { consensus, verifier, admission: admitAll },
      ...(storage && { storage }),
    });
  };
  const enter = async (user: User, founds: boolean): Promise<Gardener> => {
    const conversation = await (founds
      ? user.createConversation(NAME, { config: OPEN })
      : user.join({ name: NAME }).conversation);
    conversation.events$.subscribe((event) => {
      if (event.kind === "voteRequested" && growth.isOver) void conversation.vote(event.proposalId, true);
    });
    const gardener = { user, conversation };
    gardeners.push(gardener);
    return gardener;
  };
  const until = (condition: () => boolean, what: string): Promise<void> =>
    requireWithin(clock, condition, what);

  await enter(await stranger(), true);
  while (gardeners.length < size) {
    const reached = Math.min(size, gardeners.length + ADMITTED_AT_ONCE);
    while (gardeners.length < reached) await enter(await stranger(), false);
    await until(() => gardeners.every(isAtRest(reached)), `a conversation of ${reached}`);
  }
  growth.isOver = !isFounders;
  return {
    gardeners,
    get deliveries() {
      return deliveries;
    },
    get repairBytes() {
      return repairBytes;
    },
    stranger,
    async admit(newcomer) {
      await enter(newcomer, false);
      const isIn = ({ conversation }: Gardener): boolean =>
        conversation.state.members.length === gardeners.length;
      await until(() => gardeners.every(isIn), "the newcomer's welcome");
    },
    pass: (ms) => clock.advance(ms),
    async close() {
      for (const { user } of gardeners) await user.close();
    },
  };
}

/** The default algorithm, with the founder as the only voter until the group is complete. */
function foundersVote(growth: { readonly isOver: boolean }): ConsensusPlugin<unknown> {
  const hashgraph = createHashgraphConsensus() as ConsensusPlugin<unknown>;
  return {
    ...hashgraph,
    electorate: (request, members, stewards) =>
      growth.isOver ? hashgraph.electorate(request, members, stewards) : members.slice(0, 1),
  };
}

function isAtRest(size: number): (gardener: Gardener) => boolean {
  return ({ conversation: { state } }) =>
    state.members.length === size &&
    state.phase === "working" &&
    state.openVotes.length === 0 &&
    state.approved.length === 0 &&
    state.pendingOutbound === 0 &&
    state.stewards?.exhausted === false;
}

async function requireWithin(clock: VirtualClock, condition: () => boolean, what: string): Promise<void> {
  if (!(await clock.advanceUntil(condition, LIMIT_MS))) throw new Error(`${what} did not complete.`);
}
