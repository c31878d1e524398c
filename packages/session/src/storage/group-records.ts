import type { Generations, MlsGroup, MlsService } from "@demls/mls";
import {
  APP_MSG_SUBTOPIC,
  deleteRecord,
  putRecord,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";
import { modeOf } from "../model/compatibility.js";
import type { Input } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import { groupOf, isActive, isSameEpoch, type Active, type ConversationState } from "../model/state.js";
import { serialKey, serialOf } from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";
import { recordsOf } from "./state-records.js";

/**
 * Number of reserved generations by mode. A storage may lose its last batches, so the group may have encrypted that many
 * more messages than the records show. A restored group skips all of them. Members keep that many skipped keys and still
 * decrypt messages sent before the restart; 3.0.0 keeps few.
 */
const RESERVED_GENERATIONS = { "de-mls-3": 4, strict: 32 } as const;

/** Key of the group. */
export const GROUP = "group";
/** Key of its ceiling. */
export const GENERATIONS = "generations";
const JOURNAL = "journal";

/** A step's changes to its group. */
export interface GroupStep {
  /** State of the last stored step; undefined before the first. */
  readonly before: ConversationState | undefined;
  readonly after: ConversationState;
  readonly input: Input;
}

/**
 * Records of one group, which is too large to write for every message:
 *
 * - the group itself, written when more than a message ratchet changes: a new epoch or candidate;
 * - a ceiling on its sender generations, reserved a few ahead. The keys of encrypted messages follow from the stored
 *   group until it is written again, after at most 64 messages;
 * - the messages decrypted since, which are decrypted again when it is loaded, so that none can be replayed. Their keys
 *   stay in the stored group until it is written again, after at most 64 messages.
 */
export interface GroupRecords {
  /** Returns the operations that write the changes of successive steps since the previous call. */
  changes(steps: readonly GroupStep[]): StorageOperation[];
  /**
   * The group in the records of a namespace, as it was written; `undefined` if there is none.
   *
   * @throws Error if one of its records is missing, or cannot be read.
   */
  decode(records: readonly StorageRecord[]): MlsGroup | undefined;
  /**
   * The decoded group of a state, with the messages opened that were opened since it was written, and beyond the generations
   * that were reserved. Only so may it open and seal.
   */
  advance(state: Pick<Active, "group" | "outbox" | "repair">): Promise<MlsGroup>;
}

export function createGroupRecords(namespace: string, mls: MlsService): GroupRecords {
  let ceiling: Generations | undefined;
  /** Next sender generation of the stored group. */
  let writtenAt = 0;
  /** Keys of the journal records. */
  let journal: string[] = [];
  let journalBytes = 0;
  let lastSerial = 0;
  /** Messages that were opened after the decoded group was written. */
  let unopened: readonly Uint8Array[] = [];

  function reserve(group: MlsGroup): StorageOperation[] {
    const used = mls.generations(group);
    const isWithin =
      ceiling !== undefined && used.application <= ceiling.application && used.handshake <= ceiling.handshake;
    if (isWithin) return [];
    const reserved = RESERVED_GENERATIONS[modeOf(group)];
    const former = ceiling ?? { handshake: -1, application: -1 };
    const above = (next: number, top: number): number => (next > top ? next + reserved : top);
    // Each apart: nothing bridges the handshake generations that restarts skip, and receivers tolerate 1,000.
    ceiling = {
      handshake: above(used.handshake, former.handshake),
      application: above(used.application, former.application),
    };
    return [putRecord(namespace, GENERATIONS, encodeRecord(ceiling))];
  }

  function clearJournal(): StorageOperation[] {
    const operations = journal.map((key) => deleteRecord(namespace, key));
    [journal, journalBytes] = [[], 0];
    return operations;
  }

  function extendJournal(message: Uint8Array): StorageOperation {
    const key = serialKey(JOURNAL, ++lastSerial);
    journal.push(key);
    journalBytes += message.length;
    return putRecord(namespace, key, encodeRecord(message));
  }

  function writeGroup(group: MlsGroup): StorageOperation[] {
    writtenAt = mls.generations(group).application;
    return [putRecord(namespace, GROUP, mls.encodeGroup(group)), ...clearJournal()];
  }

  return {
    changes(steps) {
      const moving = steps.filter(({ before, after }) => groupOf(after) !== (before && groupOf(before)));
      const [first, last] = [moving[0], moving.at(-1)];
      if (first === undefined || last === undefined) return [];
      const group = groupOf(last.after);
      if (group === undefined)
        return [deleteRecord(namespace, GROUP), deleteRecord(namespace, GENERATIONS), ...clearJournal()];
      const former = first.before && groupOf(first.before);
      // Generations start at zero in each epoch.
      if (former === undefined || !isSameEpoch(former, group)) ceiling = undefined;
      const opened = moving.flatMap(({ input }) => messageIn(input) ?? []);
      const openedBytes = opened.reduce((sum, { length }) => sum + length, 0);
      const isFull =
        mls.generations(group).application - writtenAt >= LIMITS.sealedMessages ||
        (opened.length > 0 &&
          (journal.length + opened.length > LIMITS.journalMessages ||
            journalBytes + openedBytes > LIMITS.journalBytes));
      const isWhole = isFull || moving.some((step) => movesMoreThanMessages(step, mls));
      return [...(isWhole ? writeGroup(group) : opened.map(extendJournal)), ...reserve(group)];
    },

    decode(records) {
      const found = new Map(records.map(({ key, value }) => [key, value]));
      const bytes = found.get(GROUP);
      const reserved = found.get(GENERATIONS);
      if (bytes === undefined && reserved === undefined) return undefined;
      if (bytes === undefined || reserved === undefined) throw new Error("A record of the group is missing.");
      const group = mls.decodeGroup(bytes);
      bytes.fill(0);
      writtenAt = mls.generations(group).application;
      const kept = recordsOf(records, JOURNAL);
      unopened = kept.map(({ value }) => decodeRecord(value) as Uint8Array);
      journal = kept.map(({ key }) => key);
      journalBytes = unopened.reduce((sum, { length }) => sum + length, 0);
      lastSerial = serialOf(kept.at(-1)?.key ?? "0");
      ceiling = decodeRecord(reserved) as Generations;
      return group;
    },

    async advance(state) {
      let { group } = state;
      for (const message of unopened) group = (await mls.open(group, message)).group;
      unopened = [];
      const reserved = ceiling ?? mls.generations(group);
      const known = nextKnown(group, state);
      group = await mls.skipGenerations(group, { handshake: 0, application: known });
      // A later life of this state may have sealed the rest, whose packets other members serve.
      const kept = modeOf(group) === "strict" ? Math.max(0, reserved.application - known) : 0;
      return mls.skipGenerations(group, reserved, kept);
    },
  };
}

/** Generation after the own messages of the epoch that a state shows. */
function nextKnown(
  { epoch, leafIndex, roster }: MlsGroup,
  { outbox, repair }: Pick<Active, "outbox" | "repair">,
): number {
  const own = roster.findIndex((entry) => entry.leafIndex === leafIndex);
  const places = [...outbox.entries.flatMap(({ sealed }) => sealed ?? []), ...repair.log];
  return places.reduce((next, { epoch: of, slot }) => {
    const isOwn = of === epoch && slot.kind === "message" && slot.position === own;
    return isOwn ? Math.max(next, slot.generation + 1) : next;
  }, 0);
}

/** Payload of an input that may be a group message. */
function messageIn(input: Input): Uint8Array | undefined {
  if (input.kind !== "packet" || input.packet.subtopic !== APP_MSG_SUBTOPIC) return undefined;
  return input.packet.payload;
}

/** Whether a step changed its group by more than encrypting messages and decrypting one. */
function movesMoreThanMessages({ before, after, input }: GroupStep, mls: MlsService): boolean {
  if (before === undefined || !isActive(before) || !isActive(after)) return true;
  if (!isSameEpoch(before.group, after.group)) return true;
  if (before.commit.candidates !== after.commit.candidates) return true;
  if (input.kind !== "packet") return false;
  const message = messageIn(input);
  return message === undefined || mls.describe(message).kind !== "application";
}
