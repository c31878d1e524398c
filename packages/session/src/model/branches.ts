import type { MlsGroup } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { changesSlice, type Changes } from "./changes.js";
import { commitSlice, type Commit } from "./commit.js";
import type { CompatibilityMode } from "./compatibility.js";
import type { ConversationConfig } from "./config.js";
import { epochSlice, type Epoch } from "./epoch.js";
import { admissionSlice, syncSlice, type Admission, type Sync } from "./joining.js";
import { keysSlice, type Keys } from "./keys.js";
import { leaveSlice, type Leave } from "./messages.js";
import { recordSlice, type RecordSlice } from "./record.js";
import { rejoinSlice, type Rejoin } from "./rejoin.js";
import type { Heard } from "./repair.js";
import {
  groupBytes,
  map,
  optionalTime,
  plainSlice,
  restoredSlice,
  shiftedSlice,
  whole,
  type GroupCodec,
  type Slice,
  type SliceValue,
} from "./slice.js";
import { scoresSlice, stewardsSlice, type Scores, type Stewards } from "./stewards.js";
import { votesSlice, type Votes } from "./votes.js";

/** State of an epoch that this member may return to: all that depends on the commits before it. */
export interface EpochState {
  readonly config: ConversationConfig;
  readonly mode: CompatibilityMode;
  readonly group: MlsGroup;
  readonly stewards: Stewards;
  readonly scores: Scores;
  readonly epoch: Epoch;
  readonly sync: Sync;
  readonly admission: Admission;
  readonly votes: Votes;
  readonly changes: Changes;
  readonly commit: Commit;
  readonly leave: Leave;
  readonly record: RecordSlice;
  readonly rejoin: Rejoin;
  readonly keys: Keys;
}

const EPOCH_SLICES = {
  stewards: stewardsSlice,
  scores: scoresSlice,
  epoch: epochSlice,
  sync: syncSlice,
  admission: admissionSlice,
  votes: votesSlice,
  changes: changesSlice,
  commit: commitSlice,
  leave: leaveSlice,
  record: recordSlice,
  rejoin: rejoinSlice,
  keys: keysSlice,
} as const satisfies Readonly<Record<Exclude<keyof EpochState, "config" | "mode" | "group">, Slice>>;

/** Epoch that this member closed by a commit that is not final: other members may have merged another one. */
export interface Fork {
  /** State in which it merged the commit. */
  readonly state: EpochState;
  /** Hash of that commit, in hex. */
  readonly merged: string;
  /** Whether most members had chosen it then. */
  readonly isCertified: boolean;
  /** Number of members of the epoch that do not leave by it. */
  readonly voters: number;
  /** Members that were heard in the epoch. */
  readonly heard: readonly Heard[];
  /** Monotonic time of the merge. */
  readonly atMs: number;
}

/**
 * Whether more than two thirds of the members have chosen a commit, or one after it. Another commit cannot get a majority
 * unless a third of the members choose both.
 */
export function isFinal(choosers: number, voters: number): boolean {
  return 3 * choosers > 2 * voters;
}

/** The parts of a state that belong to its epoch. */
export function epochStateOf(state: EpochState): EpochState {
  const { config, mode, group } = state;
  const slices = mapSlices({ ...state }, (_, value: unknown) => value);
  return { config, mode, group, ...slices } as EpochState;
}

/** All groups in the state of an epoch. */
export function groupsIn({ group, commit }: EpochState): readonly MlsGroup[] {
  return [group, ...[...commit.candidates.values()].flatMap(({ staged }) => staged.next ?? [])];
}

type SliceValues = Readonly<Record<string, unknown>>;

function mapSlices(state: SliceValues, change: (slice: Slice, value: never) => unknown): SliceValues {
  return Object.fromEntries(
    Object.entries(EPOCH_SLICES).map(([name, slice]) => [name, change(slice, state[name] as never)]),
  );
}

function encodeFork({ state, ...fork }: Fork, codec: GroupCodec): unknown {
  const slices = mapSlices({ ...state }, (slice, value) => plainSlice(slice, value, codec));
  return { ...fork, state: { ...state, ...slices, group: groupBytes.encode(state.group, codec) } };
}

function decodeFork(plain: unknown, codec: GroupCodec): Fork {
  const { state, ...fork } = plain as Fork;
  const slices = mapSlices({ ...state }, (slice, value) => restoredSlice(slice, value, codec));
  const group = groupBytes.decode(state.group as unknown as Uint8Array, codec);
  return { ...fork, state: { ...state, ...slices, ...(group && { group }) } };
}

function shiftedFork({ state, heard, atMs, ...fork }: Fork, byMs: number): Fork {
  const slices = mapSlices({ ...state }, (slice, value) => shiftedSlice(slice, value, byMs));
  return {
    ...fork,
    state: { ...state, ...slices },
    heard: heard.map((entry) => ({ ...entry, atMs: entry.atMs + byMs })),
    atMs: atMs + byMs,
  };
}

export const branchesSlice = {
  /** Forks on the way to the current epoch, by epoch, oldest first. */
  forks: map<bigint, Fork>({ encode: encodeFork, decode: decodeFork, shifted: shiftedFork }),
  /** Hashes of the merged commits that this member has taken back, oldest first. It never merges one again. */
  left: whole<readonly string[]>([]),
  /** Members of the left branches that this branch lacks, the latest last. This member vouches for them. */
  companions: whole<readonly MemberId[]>([]),
  /** Monotonic time since which this member knows of a preceding branch that it can reach only with a new leaf. */
  lostSinceMs: optionalTime(),
  /** Monotonic time at which the branches at the forks are compared; undefined if nothing new is known. */
  judgeAtMs: optionalTime(),
};

/** Branches of the conversation that members apart from each other may have made. */
export type Branches = SliceValue<typeof branchesSlice>;
