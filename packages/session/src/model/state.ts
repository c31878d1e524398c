import type { MlsGroup } from "@demls/mls";
import { bytesEqual } from "@demls/wire/core";
import { bansSlice, type Bans } from "./bans.js";
import { invitationsSlice, type Invitations } from "./invitations.js";
import { branchesSlice, groupsIn, type Branches, type EpochState } from "./branches.js";
import { changesSlice } from "./changes.js";
import { commitSlice } from "./commit.js";
import type { CompatibilityMode } from "./compatibility.js";
import type { ConversationConfig } from "./config.js";
import { epochSlice } from "./epoch.js";
import { evidenceSlice, type Evidence } from "./evidence.js";
import { identitiesSlice, type Identities } from "./identities.js";
import { admissionSlice, joiningSlice, syncSlice, type Joining } from "./joining.js";
import { keysSlice } from "./keys.js";
import {
  chatSlice,
  inboundSlice,
  leaveSlice,
  outboxSlice,
  type Chat,
  type Inbound,
  type Outbox,
} from "./messages.js";
import type { EndReason, GroupPhase, Phase } from "./phase.js";
import { presenceSlice, type Presence } from "./presence.js";
import { refusalsSlice, type Refusals } from "./refusals.js";
import { recordSlice } from "./record.js";
import { rejoinSlice } from "./rejoin.js";
import { repairSlice, type Repair } from "./repair.js";
import { initialSlice, type Slice } from "./slice.js";
import { scoresSlice, stewardsSlice, type Scores, type Stewards } from "./stewards.js";
import { votesSlice } from "./votes.js";

/** Fields of every phase. */
interface Base {
  readonly name: string;
  readonly config: ConversationConfig;
  readonly stewards: Stewards;
  readonly scores: Scores;
}

/** Conversation with a pending join. */
export interface PendingJoin extends Base {
  readonly phase: "pending-join";
  readonly joining: Joining;
  readonly outbox: Outbox;
  readonly inbound: Inbound;
}

/** Conversation whose group this member is in. */
export interface Active extends Base, EpochState {
  readonly phase: GroupPhase;
  readonly outbox: Outbox;
  readonly inbound: Inbound;
  readonly chat: Chat;
  readonly repair: Repair;
  readonly branches: Branches;
  readonly evidence: Evidence;
  readonly presence: Presence;
  readonly refusals: Refusals;
  readonly bans: Bans;
  readonly invitations: Invitations;
  readonly identities: Identities;
}

/** Ended conversation. Contains no secrets and no timers. */
export interface Ended extends Base {
  readonly phase: "ended";
  readonly endReason: EndReason;
  /** The join that was given up, from which its farewell follows; otherwise initial. */
  readonly joining: Joining;
}

/**
 * State of a conversation: an immutable value. Each step returns a new one.
 *
 * The plug-in values (`votes.sessions`, `stewards.list`, `scores.values`) are opaque.
 */
export type ConversationState = PendingJoin | Active | Ended;

/** Slices of each phase: initial values, storage layouts and times of their fields. */
export const SLICES = {
  stewards: stewardsSlice,
  scores: scoresSlice,
  joining: joiningSlice,
  epoch: epochSlice,
  sync: syncSlice,
  admission: admissionSlice,
  votes: votesSlice,
  changes: changesSlice,
  commit: commitSlice,
  outbox: outboxSlice,
  inbound: inboundSlice,
  chat: chatSlice,
  leave: leaveSlice,
  record: recordSlice,
  rejoin: rejoinSlice,
  keys: keysSlice,
  repair: repairSlice,
  branches: branchesSlice,
  evidence: evidenceSlice,
  presence: presenceSlice,
  refusals: refusalsSlice,
  bans: bansSlice,
  invitations: invitationsSlice,
  identities: identitiesSlice,
} as const satisfies Readonly<Record<string, Slice>>;

/** Name of a slice. */
export type SliceName = keyof typeof SLICES;

/** Fields stored as one record each, besides the slices. The group has its own records. */
export const PLAIN_FIELDS = ["phase", "name", "config", "mode", "endReason"] as const;

/** Name of a field outside the slices. */
export type PlainField = (typeof PLAIN_FIELDS)[number];

type SlicesOf<S extends ConversationState> = Readonly<Record<keyof S & SliceName, true>>;

const PENDING_SLICES: SlicesOf<PendingJoin> = {
  stewards: true,
  scores: true,
  joining: true,
  outbox: true,
  inbound: true,
};

/**
 * Time for which a slice of a member in the group holds:
 *
 * - `"epoch"`: a fork keeps it, and a return to the fork brings it back.
 * - `"membership"`: it stays through returns, and begins anew with a leaf that replaces this member's.
 * - `"conversation"`: it stays through both.
 *
 * The end of the conversation keeps settings, stewards and scores alone, and the join that was given up.
 */
type Lifetime = "epoch" | "membership" | "conversation";

/** Lifetime of each slice of a member in the group. */
const LIFETIMES = {
  stewards: "epoch",
  scores: "epoch",
  epoch: "epoch",
  sync: "epoch",
  admission: "epoch",
  votes: "epoch",
  changes: "epoch",
  commit: "epoch",
  outbox: "conversation",
  inbound: "conversation",
  chat: "conversation",
  leave: "epoch",
  record: "epoch",
  rejoin: "epoch",
  keys: "epoch",
  repair: "membership",
  branches: "membership",
  evidence: "membership",
  presence: "membership",
  refusals: "membership",
  bans: "membership",
  invitations: "membership",
  identities: "conversation",
} as const satisfies {
  readonly [K in keyof Active & SliceName]: K extends keyof EpochState ? "epoch" : Lifetime;
};

type OfLifetime<L extends Lifetime> = {
  [K in keyof typeof LIFETIMES]: (typeof LIFETIMES)[K] extends L ? K : never;
}[keyof typeof LIFETIMES];

/** The slices of a state that hold as long as one of these lifetimes. */
export function slicesOf<L extends Lifetime>(
  state: Active,
  ...lifetimes: readonly L[]
): Pick<Active, OfLifetime<L>> {
  const names = activeSlices().filter((name) => lifetimes.some((lifetime) => LIFETIMES[name] === lifetime));
  return Object.fromEntries(names.map((name) => [name, state[name]])) as unknown as Pick<
    Active,
    OfLifetime<L>
  >;
}

function activeSlices(): readonly (keyof typeof LIFETIMES)[] {
  return Object.keys(LIFETIMES) as (keyof typeof LIFETIMES)[];
}

const ENDED_SLICES: SlicesOf<Ended> = { stewards: true, scores: true, joining: true };

/** Names of the slices in a phase. */
export function slicesIn(phase: Phase): readonly SliceName[] {
  const slices = phase === "pending-join" ? PENDING_SLICES : phase === "ended" ? ENDED_SLICES : LIFETIMES;
  return Object.keys(slices) as SliceName[];
}

/** Settings and plug-in values of a new conversation. */
export interface ConversationSeed {
  readonly name: string;
  readonly config: ConversationConfig;
  /** Value of the steward list plug-in. */
  readonly stewards: unknown;
  /** Value of the scoring plug-in. */
  readonly scores: unknown;
}

/** State after a join request at the monotonic time `askedAtMs`, for the group with this id if there is one. */
export function pendingJoin(seed: ConversationSeed, askedAtMs: number, groupId?: string): PendingJoin {
  return {
    ...base(seed),
    phase: "pending-join",
    joining: { ...initialSlice(joiningSlice), askedAtMs, groupId },
    outbox: initialSlice(outboxSlice),
    inbound: initialSlice(inboundSlice),
  };
}

/** Group that this member created or joined. */
export interface GroupSeed {
  readonly mode: CompatibilityMode;
  readonly group: MlsGroup;
  /** Value of the consensus plug-in. */
  readonly sessions: unknown;
}

/** State of a conversation that this member created. */
export function createdConversation(seed: ConversationSeed, group: GroupSeed): Active {
  const active = joined(pendingJoin(seed, 0), group);
  return { ...active, sync: { ...active.sync, synced: true, assurance: "founder" } };
}

/** State after a welcome. Keeps packets sent and received. */
export function joined(
  { name, config, stewards, scores, outbox, inbound }: Omit<PendingJoin, "phase" | "joining">,
  { mode, group, sessions }: GroupSeed,
): Active {
  const initial = Object.fromEntries(activeSlices().map((slice) => [slice, initialSlice(SLICES[slice])]));
  return {
    ...(initial as unknown as Pick<Active, keyof typeof LIFETIMES>),
    ...{ name, config, stewards, scores, outbox, inbound, mode, group },
    phase: "working",
    votes: { ...initialSlice(votesSlice), sessions },
  };
}

/** State after the end: settings, last steward list and last scores, and a join that was given up at the time `nowMs`. */
export function ended(state: ConversationState, endReason: EndReason, nowMs: number): Ended {
  const { name, config, stewards, scores } = state;
  const isGivenUp = state.phase === "pending-join" && state.joining.farewellFromMs === undefined;
  return {
    ...base({ name, config, stewards: stewards.list, scores: scores.values }),
    phase: "ended",
    endReason,
    joining: isGivenUp ? { ...state.joining, farewellFromMs: nowMs } : initialSlice(joiningSlice),
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

/** Group of a state; undefined outside a group. */
export function groupOf(state: ConversationState): MlsGroup | undefined {
  return isActive(state) ? state.group : undefined;
}

/** Whether this member is in the group. */
export function isActive(state: ConversationState): state is Active {
  return state.phase !== "pending-join" && state.phase !== "ended";
}

/** End reason; undefined unless the conversation has ended. */
export function endReasonOf(state: ConversationState): EndReason | undefined {
  return state.phase === "ended" ? state.endReason : undefined;
}

/** Whether two groups are in one epoch: those of two branches may have the same number. */
export function isSameEpoch(a: MlsGroup, b: MlsGroup): boolean {
  return bytesEqual(a.epochAuthenticator, b.epochAuthenticator);
}

/** All groups in a state. */
export function groupsOf(state: ConversationState): readonly MlsGroup[] {
  if (!isActive(state)) return [];
  return [state, ...[...state.branches.forks.values()].map((fork) => fork.state)].flatMap(groupsIn);
}

/** Repair keys in a state. */
export function repairKeysOf(state: ConversationState): readonly Uint8Array[] {
  if (!isActive(state)) return [];
  return [...state.repair.epochs, ...state.repair.departed].map(({ key }) => key);
}
