import type { MlsGroup } from "@demls/mls";
import { changesSlice, type Changes } from "./changes.js";
import { commitSlice, type Commit } from "./commit.js";
import type { CompatibilityMode } from "./compatibility.js";
import type { ConversationConfig } from "./config.js";
import { epochSlice, type Epoch } from "./epoch.js";
import { joiningSlice, syncSlice, type Joining, type Sync } from "./joining.js";
import {
  chatSlice,
  inboundSlice,
  leaveSlice,
  outboxSlice,
  type Chat,
  type Inbound,
  type Leave,
  type Outbox,
} from "./messages.js";
import type { EndReason, GroupPhase, Phase } from "./phase.js";
import { initialSlice, type Slice } from "./slice.js";
import { scoresSlice, stewardsSlice, type Scores, type Stewards } from "./stewards.js";
import { votesSlice, type Votes } from "./votes.js";

/** Fields that a conversation has in every phase. */
interface Base {
  readonly name: string;
  readonly config: ConversationConfig;
  readonly stewards: Stewards;
  readonly scores: Scores;
}

/** A conversation that this member has asked to join. */
export interface PendingJoin extends Base {
  readonly phase: "pending-join";
  readonly joining: Joining;
  readonly outbox: Outbox;
  readonly inbound: Inbound;
}

/** A conversation whose group this member is in. */
export interface Active extends Base {
  readonly phase: GroupPhase;
  readonly mode: CompatibilityMode;
  readonly group: MlsGroup;
  readonly epoch: Epoch;
  readonly sync: Sync;
  readonly votes: Votes;
  readonly changes: Changes;
  readonly commit: Commit;
  readonly outbox: Outbox;
  readonly inbound: Inbound;
  readonly chat: Chat;
  readonly leave: Leave;
}

/** A conversation that has ended for this member. Holds no secret and nothing that could wake it. */
export interface Ended extends Base {
  readonly phase: "ended";
  readonly endReason: EndReason;
}

/**
 * A conversation as one member holds it: a value. Every step makes a new one and leaves this one as it is.
 *
 * The plug-ins' values (`votes.sessions`, `stewards.list`, `scores.values`) are opaque here.
 */
export type ConversationState = PendingJoin | Active | Ended;

/** The slices of each phase: their fields' initial values, layouts in storage, and times. */
export const SLICES = {
  stewards: stewardsSlice,
  scores: scoresSlice,
  joining: joiningSlice,
  epoch: epochSlice,
  sync: syncSlice,
  votes: votesSlice,
  changes: changesSlice,
  commit: commitSlice,
  outbox: outboxSlice,
  inbound: inboundSlice,
  chat: chatSlice,
  leave: leaveSlice,
} as const satisfies Readonly<Record<string, Slice>>;

/** Name of a slice. */
export type SliceName = keyof typeof SLICES;

/** Fields that are stored as one record each, beside the slices. The group has records of its own. */
export const PLAIN_FIELDS = ["phase", "name", "config", "mode", "endReason"] as const;

/** Name of a field that is no slice. */
export type PlainField = (typeof PLAIN_FIELDS)[number];

type SlicesOf<S extends ConversationState> = Readonly<Record<keyof S & SliceName, true>>;

const PENDING_SLICES: SlicesOf<PendingJoin> = {
  stewards: true,
  scores: true,
  joining: true,
  outbox: true,
  inbound: true,
};

const ACTIVE_SLICES: SlicesOf<Active> = {
  stewards: true,
  scores: true,
  epoch: true,
  sync: true,
  votes: true,
  changes: true,
  commit: true,
  outbox: true,
  inbound: true,
  chat: true,
  leave: true,
};

const ENDED_SLICES: SlicesOf<Ended> = { stewards: true, scores: true };

/** Names of the slices that a state has in a phase. */
export function slicesIn(phase: Phase): readonly SliceName[] {
  const slices = phase === "pending-join" ? PENDING_SLICES : phase === "ended" ? ENDED_SLICES : ACTIVE_SLICES;
  return Object.keys(slices) as SliceName[];
}

/** Settings and plug-in values that a conversation begins with. */
export interface ConversationSeed {
  readonly name: string;
  readonly config: ConversationConfig;
  /** The steward list plug-in's value. */
  readonly stewards: unknown;
  /** The scoring plug-in's value. */
  readonly scores: unknown;
}

/** The state of a conversation that this member has just asked to join, at the monotonic time `askedAtMs`. */
export function pendingJoin(seed: ConversationSeed, askedAtMs: number): PendingJoin {
  return {
    ...base(seed),
    phase: "pending-join",
    joining: { askedAtMs },
    outbox: initialSlice(outboxSlice),
    inbound: initialSlice(inboundSlice),
  };
}

/** A group that this member has just created or joined. */
export interface GroupSeed {
  readonly mode: CompatibilityMode;
  readonly group: MlsGroup;
  /** The consensus plug-in's value. */
  readonly sessions: unknown;
}

/** The state of a conversation that this member has just created. */
export function createdConversation(seed: ConversationSeed, group: GroupSeed): Active {
  const active = joined(pendingJoin(seed, 0), group);
  return { ...active, sync: { ...active.sync, synced: true } };
}

/** The state of a pending join whose welcome has come. Packets sent and received stay. */
export function joined(pending: PendingJoin, { mode, group, sessions }: GroupSeed): Active {
  const { name, config, stewards, scores, outbox, inbound } = pending;
  return {
    ...{ name, config, stewards, scores, outbox, inbound, mode, group },
    phase: "working",
    epoch: initialSlice(epochSlice),
    sync: initialSlice(syncSlice),
    votes: { ...initialSlice(votesSlice), sessions },
    changes: initialSlice(changesSlice),
    commit: initialSlice(commitSlice),
    chat: initialSlice(chatSlice),
    leave: initialSlice(leaveSlice),
  };
}

/** The state of a conversation after its end: the settings, the last steward list and the last scores. */
export function ended({ name, config, stewards, scores }: ConversationState, endReason: EndReason): Ended {
  return {
    ...base({ name, config, stewards: stewards.list, scores: scores.values }),
    phase: "ended",
    endReason,
  };
}

function base({ name, config, stewards, scores }: ConversationSeed): Base {
  return {
    name,
    config,
    stewards: { ...initialSlice(stewardsSlice), list: stewards },
    scores: { ...initialSlice(scoresSlice), values: scores },
  };
}

/** The group of a state; absent where this member is in none. */
export function groupOf(state: ConversationState): MlsGroup | undefined {
  return isActive(state) ? state.group : undefined;
}

/** Whether this member is in the group. */
export function isActive(state: ConversationState): state is Active {
  return state.phase !== "pending-join" && state.phase !== "ended";
}

/** Reason for which a conversation has ended; absent while it goes on. */
export function endReasonOf(state: ConversationState): EndReason | undefined {
  return state.phase === "ended" ? state.endReason : undefined;
}

/** Every group value that a state holds. */
export function groupsOf(state: ConversationState): readonly MlsGroup[] {
  if (!isActive(state)) return [];
  const next = [...state.commit.candidates.values()].map(({ staged }) => staged.next);
  return [state.group, ...next].filter((group) => group !== undefined);
}
