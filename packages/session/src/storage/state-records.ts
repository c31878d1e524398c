import type { MlsGroup, MlsService } from "@demls/mls";
import { putRecord, type StorageOperation, type StorageRecord } from "@demls/wire/core";
import type { ConversationState, HeldCandidate } from "../model/state.js";
import {
  createOrderedRecords,
  decodeAll,
  type OrderedEntry,
  type OrderedRecords,
} from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";

type Field = keyof ConversationState;

/** Some of a state, as the entries of an ordered collection, and back. */
interface Collection {
  entries(state: ConversationState): Iterable<OrderedEntry>;
  restore(plain: readonly unknown[]): Partial<ConversationState>;
}

/**
 * How each part of a state is kept: as one record, written when it was replaced; entry by entry, where entries
 * are large or many; or with the group, whose records are apart.
 */
type Layout = { readonly [F in Field]: "whole" | "group" | Collection };

function layoutFor(mls: MlsService): Layout {
  return {
    name: "whole",
    mode: "whole",
    config: "whole",
    phase: "whole",
    phaseAnchorMs: "whole",
    endReason: "whole",
    group: "group",
    consensus: "whole",
    stewards: "whole",
    scores: "whole",
    pastMembers: "whole",
    epochEnteredMs: "whole",
    synced: "whole",
    admittedBy: "whole",
    provisionalSync: "whole",
    recovery: "whole",
    approved: listOf("approved", ({ proposalId }) => proposalId),
    ownProposals: mapOf("ownProposals"),
    electorates: "whole",
    activeEmergencies: "whole",
    scoreRemovals: "whole",
    rejectedRemovals: "whole",
    pendingUpdates: mapOf("pendingUpdates"),
    resolved: "whole",
    observedProposals: mapOf("observedProposals"),
    urgentTarget: "whole",
    committed: "whole",
    candidates: candidatesBy(mls),
    defaultVotes: "whole",
    voteDeadlines: "whole",
    signatures: "whole",
    nextRequestId: "whole",
    leaveRequested: "whole",
    quietUntilMs: "whole",
    expectedElections: "whole",
    settlingElsewhereMs: "whole",
    leaveDueMs: "whole",
    electionDueSinceMs: "whole",
    epochVotesDueMs: "whole",
    outbox: listOf("outbox", ({ sequence }) => sequence),
    nextSequence: "whole",
    queuedMessages: listOf("queuedMessages", ({ ticket }) => ticket),
    bufferedPackets: listOf("bufferedPackets", (early) => early),
    bufferedVotes: "whole",
    bufferedProposals: "whole",
    gapReported: "whole",
    divergenceReported: "whole",
  };
}

type ListField = "approved" | "outbox" | "queuedMessages" | "bufferedPackets";
type MapField = "ownProposals" | "pendingUpdates" | "observedProposals";

function listOf<F extends ListField>(
  field: F,
  identityOf: (element: ConversationState[F][number]) => unknown,
): Collection {
  return {
    entries: (state) =>
      (state[field] as readonly ConversationState[F][number][]).map((element) => ({
        identity: identityOf(element),
        content: element,
        plain: () => element,
      })),
    restore: (plain) => ({ [field]: plain }),
  };
}

function mapOf(field: MapField): Collection {
  return {
    entries: (state) =>
      Array.from(state[field] as ReadonlyMap<unknown, unknown>, (entry) => ({
        identity: entry[0],
        content: entry[1],
        plain: () => entry,
      })),
    restore: (plain) => ({ [field]: new Map(plain as [unknown, unknown][]) }),
  };
}

/** A candidate holds the group that it leads to, which only the MLS service can write. */
function candidatesBy(mls: MlsService): Collection {
  const plainOf = (candidate: HeldCandidate): unknown => {
    const { next } = candidate.staged;
    return { ...candidate, staged: { ...candidate.staged, next: next && mls.encodeGroup(next) } };
  };
  const restored = (plain: unknown): HeldCandidate => {
    const candidate = plain as HeldCandidate;
    const bytes = candidate.staged.next as unknown as Uint8Array | undefined;
    const next: MlsGroup | undefined = bytes && mls.decodeGroup(bytes);
    return { ...candidate, staged: { ...candidate.staged, next } };
  };
  return {
    entries: (state) =>
      Array.from(state.candidates.values(), (candidate) => ({
        identity: candidate.steward,
        content: candidate,
        plain: () => plainOf(candidate),
      })),
    restore: (plain) => ({
      candidates: new Map(plain.map(restored).map((candidate) => [candidate.steward, candidate])),
    }),
  };
}

/** The records of everything in a state but its group. */
export interface StateRecords {
  /** Operations after which the records say `state`; the next call goes on from there. */
  changes(state: ConversationState): StorageOperation[];
  /** The state in the records of a namespace, but for its group. */
  restore(records: readonly StorageRecord[]): Omit<ConversationState, "group">;
}

export function createStateRecords(namespace: string, mls: MlsService): StateRecords {
  const layout = layoutFor(mls);
  const fields = Object.keys(layout) as Field[];
  const whole = fields.filter((field) => layout[field] === "whole");
  const collections = fields.flatMap((field) => {
    const kind = layout[field];
    return typeof kind === "string" ? [] : [{ field, kind, records: createOrderedRecords(namespace, field) }];
  });
  const written = new Map<Field, unknown>();

  return {
    changes(state) {
      const isReplaced = (field: Field): boolean =>
        !written.has(field) || written.get(field) !== state[field];
      const operations = [
        ...whole
          .filter(isReplaced)
          .map((field) => putRecord(namespace, `field/${field}`, encodeRecord({ value: state[field] }))),
        ...collections
          .filter(({ field }) => isReplaced(field))
          .flatMap(({ kind, records }) => records.changes(kind.entries(state))),
      ];
      for (const field of fields) written.set(field, state[field]);
      return operations;
    },

    restore(records) {
      const byKey = new Map(records.map(({ key, value }) => [key, value]));
      const restored: Partial<Record<Field, unknown>> = {};
      for (const field of whole) {
        const record = byKey.get(`field/${field}`);
        if (record === undefined) throw new Error(`The record of ${field} is missing.`);
        restored[field] = (decodeRecord(record) as { value: unknown }).value;
      }
      for (const { field, kind, records: kept } of collections)
        Object.assign(restored, restoreCollection(kind, kept, recordsOf(records, field)));
      for (const field of fields) written.set(field, restored[field]);
      return restored as unknown as Omit<ConversationState, "group">;
    },
  };
}

function restoreCollection(
  kind: Collection,
  kept: OrderedRecords,
  records: readonly StorageRecord[],
): Partial<ConversationState> {
  const part = kind.restore(decodeAll(records));
  kept.adopt(
    records.map(({ key }) => key),
    kind.entries(part as ConversationState),
  );
  return part;
}

/** Those of `records` whose keys are `prefix` and a serial number. */
export function recordsOf(records: readonly StorageRecord[], prefix: string): StorageRecord[] {
  return records.filter(({ key }) => key.startsWith(`${prefix}/`));
}
