import type { MlsService } from "@demls/mls";
import {
  bytesToUtf8,
  deleteRecord,
  putRecord,
  type Clock,
  type Storage,
  type StorageOperation,
  type StorageRecord,
} from "@demls/wire/core";
import { toldDeadline, type ClockReading } from "../model/deadline.js";
import type { Effect } from "../model/effect.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import { createGroupRecords, type GroupStep } from "./group-records.js";
import { monotonicOffsetMs, withTimesMoved } from "./monotonic-times.js";
import { serialKey, serialOf } from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";
import { createStateRecords, recordsOf } from "./state-records.js";
import type { ConversationState } from "../model/state.js";

const EVENT = "event";
const CLOCK = "clock";

/** A step to be kept, with what it wants done. */
export interface StoredStep extends GroupStep {
  readonly effects: readonly Effect[];
  /** The events among the effects. */
  readonly events: readonly NumberedEvent[];
}

/** What a conversation's records hold. */
export interface StoredConversation {
  readonly state: ConversationState;
  /** Events that nobody had taken, oldest first. */
  readonly events: readonly NumberedEvent[];
}

/** Keeps one conversation. */
export interface ConversationStore {
  /**
   * Writes what a step has changed, and the events it has emitted, as one batch. Until it has resolved, nothing of
   * the step may be seen outside. After a failure nobody knows what was written: the store must not be used on.
   */
  save(step: StoredStep): Promise<void>;
  /** Notes that an event was taken; it is forgotten with the next batch. */
  acknowledge(serial: number): void;
  /** Forgets the events that were taken, now. */
  flush(): Promise<void>;
  /** Forgets all of the conversation, and key packages besides, as one batch. */
  forget(keyPackages: readonly string[]): Promise<void>;
}

/** What a {@link ConversationStore} is made of. */
export interface ConversationStoreParts {
  readonly mls: MlsService;
  readonly storage: Storage;
  readonly clock: Clock;
  /** The namespace of its records, which no other conversation has or had. */
  readonly namespace: string;
  /** Enters the conversation into the registry: a part of its first batch. */
  readonly registration: StorageOperation;
  /** Takes it out again: a part of its last one. */
  readonly deregistration: StorageOperation;
  /** What forgets a key package, when a welcome has used it or the conversation is over. */
  keyPackageForgotten(reference: string): StorageOperation;
}

/** A {@link ConversationStore} that may go on from what an earlier one has kept. */
export interface RestorableStore extends ConversationStore {
  /**
   * What was kept, its times those of this process's clock. Comes before anything is saved.
   *
   * @throws where a record is missing or damaged.
   */
  restore(): Promise<StoredConversation>;
}

export function createConversationStore(parts: ConversationStoreParts): RestorableStore {
  const { namespace, mls, storage, clock } = parts;
  const states = createStateRecords(namespace, mls);
  const groups = createGroupRecords(namespace, mls);
  let isRegistered = false;
  let taken: number[] = [];
  /** Events whose times are of a former process as they are stored, like those of the state. */
  let movedEvents: NumberedEvent[] = [];

  function reading(): ClockReading {
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }

  function eventRecord({ serial, event }: NumberedEvent): StorageOperation {
    return putRecord(namespace, serialKey(EVENT, serial), encodeRecord(storedEvent(event)));
  }

  function forgetTaken(): StorageOperation[] {
    const operations = taken.map((serial) => deleteRecord(namespace, serialKey(EVENT, serial)));
    taken = [];
    return operations;
  }

  /** Writes a batch, whose bytes hold secrets and are nobody's afterwards. */
  async function write(operations: readonly StorageOperation[]): Promise<void> {
    try {
      await storage.write([...operations, putRecord(namespace, CLOCK, encodeRecord(reading()))]);
    } finally {
      for (const operation of operations) if (operation.kind === "put") operation.value.fill(0);
    }
  }

  return {
    async save(step) {
      const operations = [
        ...(isRegistered ? [] : [parts.registration]),
        ...groups.changes(step),
        ...states.changes(step.after),
        ...movedEvents.splice(0).map(eventRecord),
        ...step.events.map(eventRecord),
        ...step.effects.flatMap((effect) =>
          effect.kind === "consumeKeyPackage" ? [parts.keyPackageForgotten(effect.reference)] : [],
        ),
      ];
      isRegistered = true;
      if (operations.length > 0) await write([...operations, ...forgetTaken()]);
    },

    acknowledge(serial) {
      taken.push(serial);
      movedEvents = movedEvents.filter((moved) => moved.serial !== serial);
    },

    async flush() {
      if (taken.length > 0) await write(forgetTaken());
    },

    async forget(keyPackages) {
      const records = await storage.scan(namespace);
      await storage.write([
        ...records.map(({ key }) => deleteRecord(namespace, key)),
        parts.deregistration,
        ...keyPackages.map((reference) => parts.keyPackageForgotten(reference)),
      ]);
    },

    async restore() {
      isRegistered = true;
      const records = await storage.scan(namespace);
      const state = states.restore(records);
      const group = await groups.restore(records);
      const hasGroup = state.phase !== "pending-join" && state.phase !== "ended";
      if (hasGroup && group === undefined) throw new Error("The records of the group are missing.");
      const now = reading();
      const byMs = monotonicOffsetMs(readingIn(records), now);
      const moved = { ...withTimesMoved(state, byMs), ...(hasGroup && { group }) };
      const events = recordsOf(records, EVENT).map(({ key, value }) => ({
        serial: serialOf(key),
        event: movedEvent(readEvent(decodeRecord(value)), byMs, now),
      }));
      movedEvents = events.filter(({ event }) => event.kind === "voteRequested");
      return { state: moved as unknown as ConversationState, events };
    },
  };
}

function readingIn(records: readonly StorageRecord[]): ClockReading {
  const record = records.find(({ key }) => key === CLOCK);
  if (record === undefined) throw new Error("The record of the clock is missing.");
  return decodeRecord(record.value) as ClockReading;
}

/** A message's text follows from its content, which is large enough. */
function storedEvent(event: ConversationEvent): object {
  return event.kind === "message" ? { ...event, text: undefined } : event;
}

function readEvent(stored: unknown): ConversationEvent {
  const event = stored as ConversationEvent;
  return event.kind === "message" ? { ...event, text: bytesToUtf8(event.content) } : event;
}

/** The event with its deadline on the clocks as they stand now. */
function movedEvent(event: ConversationEvent, byMs: number, now: ClockReading): ConversationEvent {
  if (event.kind !== "voteRequested") return event;
  return { ...event, ...toldDeadline(event.deadlineMonotonicMs + byMs, now) };
}
