import {
  isActive,
  type Active,
  type ConversationState,
  type Ended,
  type OpenVote,
  type PendingSignature,
} from "../../src/step/index.js";
import { isDeepStrictEqual } from "node:util";
import type { ChangeRequest } from "../../src/model/request.js";
import { SLICES } from "../../src/model/state.js";

/** A state in tests: it has the fields of every phase, although a pending join has no group. */
export type TestState = ConversationState & Omit<Active, "phase"> & Partial<Pick<Ended, "endReason">>;

type SliceName = {
  [K in keyof Active]: Active[K] extends object ? K : never;
}[keyof Active];

/** Replaces fields of one slice of a member's state. */
export function alter<K extends SliceName>(
  member: { state: TestState },
  slice: K,
  changes: Partial<Active[K]>,
): void {
  member.state = altered(member.state, slice, changes);
}

/** A state with fields of one slice replaced. */
export function altered<S extends TestState, K extends SliceName>(
  state: S,
  slice: K,
  changes: Partial<Active[K]>,
): S {
  return { ...state, [slice]: { ...(state[slice] as object), ...changes } };
}

interface HasVotes {
  readonly state: TestState;
}

/** The votes that a member tracks, in order of arrival; none outside a group. */
export function trackedVotes({ state }: HasVotes): readonly OpenVote[] {
  return [...((state.votes as Active["votes"] | undefined)?.open.values() ?? [])];
}

/** The default votes that are still to be cast, by proposal id. */
export function defaultVotesOf(
  member: HasVotes,
): ReadonlyMap<number, { readonly atMs: number; readonly vote: boolean }> {
  return new Map(
    trackedVotes(member).flatMap(({ proposalId, defaultVote }) =>
      defaultVote ? [[proposalId, defaultVote] as const] : [],
    ),
  );
}

/** The member's own proposals without a result, by proposal id. */
export function ownProposalsOf(member: HasVotes): ReadonlyMap<number, ChangeRequest> {
  return new Map(
    trackedVotes(member).flatMap(({ proposalId, own, result, request }) =>
      own && result === undefined ? [[proposalId, request] as const] : [],
    ),
  );
}

/** Ids of the open emergencies. */
export function emergenciesOf(member: HasVotes): readonly number[] {
  return trackedVotes(member)
    .filter(({ request, result }) => request.kind === "emergency" && result === undefined)
    .map(({ proposalId }) => proposalId);
}

/** The requested signatures. */
export function signaturesOf(member: HasVotes): readonly PendingSignature[] {
  return trackedVotes(member).flatMap(({ signature }) => signature ?? []);
}

/** Forgets the default votes that are still to be cast. */
export function withoutDefaultVotes(member: { state: TestState }): void {
  const open = trackedVotes(member).map(
    (vote) => [vote.proposalId, { ...vote, defaultVote: undefined }] as const,
  );
  alter(member, "votes", { open: new Map(open) });
}

/** The fields in which two states differ: those of slices by `slice.field`. */
export function changedFields(before: ConversationState, after: ConversationState): readonly string[] {
  return replacedFields(before, after).flatMap((name) => {
    const [former, later] = [fieldOf(before, name), fieldOf(after, name)];
    if (!Object.hasOwn(SLICES, name)) return isDeepStrictEqual(former, later) ? [] : [name];
    const [slice, other] = [former ?? {}, later ?? {}];
    return replacedFields(slice, other)
      .filter((field) => !isDeepStrictEqual(fieldOf(slice, field), fieldOf(other, field)))
      .map((field) => `${name}.${field}`);
  });
}

/** Names of fields whose values are not identical: few, since a step leaves most parts of a state as they are. */
function replacedFields(before: object, after: object): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !Object.is(fieldOf(before, name), fieldOf(after, name)));
}

function fieldOf(value: object, name: string): object | undefined {
  return (value as Readonly<Record<string, object | undefined>>)[name];
}

/** Starts a freeze in a member's conversation. */
export function freezeNow(member: { state: TestState }, { nowMs }: { readonly nowMs: number }): void {
  alter(member, "commit", { anchoredAtMs: nowMs });
  member.state = { ...member.state, phase: "freezing" };
}

/** Whether a member has applied a ConversationSync, or needs none; no pending joiner has. */
export function isSynced({ state }: { readonly state: TestState }): boolean {
  return isActive(state) && state.sync.synced;
}

/** Whether another member has the leave of this one. */
export function hasDelivered({ state: { leave, repair } }: { readonly state: TestState }): boolean {
  return leave.dueAtMs !== undefined && repair.delivered >= leave.sentBy;
}
