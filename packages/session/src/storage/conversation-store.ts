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
import { clockedDeadline, type ClockReading } from "../model/deadline.js";
import type { Effect } from "../model/effect.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import type { Phase } from "../model/phase.js";
import { putClock, type ClockRecord } from "./clock-record.js";
import { createGroupRecords, type GroupStep } from "./group-records.js";
import { hasGroup, outlineOf } from "./outline.js";
import { monotonicOffsetMs, withTimesMoved } from "./monotonic-times.js";
import { serialKey, serialOf } from "./ordered-records.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";
import { createStateRecords, recordsOf } from "./state-records.js";
import type { Active, ConversationState } from "../model/state.js";

const EVENT = "event";

/** Step to store, with its effects. */
export interface StoredStep extends GroupStep {
  readonly effects: readonly Effect[];
  /** Events among the effects. */
  readonly events: readonly NumberedEvent[];
  /** Operations that keep the chat among the effects in the history. */
  readonly history: readonly StorageOperation[];
}

/** Stored state of a conversation. */
export interface StoredConversation {
  readonly state: ConversationState;
  /** Undelivered events, oldest first. */
  readonly events: readonly NumberedEvent[];
  /**
   * The state with its group ready to open and seal, which takes signatures and derivations: for its first step. Absent if
   * it is ready.
   */
  readonly advance?: () => Promise<ConversationState>;
}

/** Records of a conversation, read and not decoded. */
export interface KeptConversation {
  readonly name: string;
  readonly phase: Phase;
  /**
   * Decodes them, with times converted to this process's clock. Call it once, before the first save.
   *
   * @throws if a record is damaged.
   */
  restore(): StoredConversation;
  /** Zeroes records that are not to be restored, since they hold secrets. */
  wipe(): void;
}

/** Store of one conversation. */
export interface ConversationStore {
  /**
   * Writes the changes and events of a step. Run the step's effects only after it resolves. Steps that come while a batch
   * is being written are the next batch, as a whole. After a failure the stored state is unknown: all later steps are
   * rejected with its error.
   */
  save(step: StoredStep): Promise<void>;
  /** Rejects the steps that are not being written yet, and later ones. */
  stop(): void;
  /** Marks an event as delivered; the next batch deletes it. */
  acknowledge(serial: number): void;
  /** Deletes delivered events now. */
  flush(): Promise<void>;
  /** Deletes the conversation and the given key packages as one batch. */
  forget(keyPackages: readonly string[]): Promise<void>;
}

/** Dependencies of a {@link ConversationStore}. */
export interface ConversationStoreParts {
  readonly mls: MlsService;
  readonly storage: Storage;
  readonly clock: Clock;
  /** Namespace of its records, never reused. */
  readonly namespace: string;
  /** Adds the conversation to the registry, with its first batch. */
  readonly registration: StorageOperation;
  /** Removes the conversation from the registry, with its last batch. */
  readonly deregistration: StorageOperation;
  /** Operation that deletes a consumed or obsolete key package. */
  keyPackageForgotten(reference: string): StorageOperation;
}

/** A {@link ConversationStore} that can restore earlier records. */
export interface RestorableStore extends ConversationStore {
  /**
   * Reads the records.
   *
   * @throws if one is missing, or is none of this format.
   */
  read(): Promise<KeptConversation>;
}

export function createConversationStore(parts: ConversationStoreParts): RestorableStore {
  const { namespace, mls, storage, clock } = parts;
  const states = createStateRecords(namespace, mls);
  const groups = createGroupRecords(namespace, mls);
  let isRegistered = false;
  let isStopped = false;
  /** The batch that is written next, and the latest batch. */
  let next: { readonly steps: StoredStep[]; readonly written: Promise<void> } | undefined;
  let last = Promise.resolve();
  let taken: number[] = [];
  /** Times of this process are those of the records and this. */
  let offsetMs = 0;

  function reading(): ClockReading {
    return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
  }

  function eventRecord({ serial, event }: NumberedEvent): StorageOperation {
    return putRecord(namespace, serialKey(EVENT, serial), encodeRecord(storedEvent(event, offsetMs)));
  }

  function forgetTaken(): StorageOperation[] {
    const operations = taken.map((serial) => deleteRecord(namespace, serialKey(EVENT, serial)));
    taken = [];
    return operations;
  }

  /** Writes a batch and wipes its bytes, which contain secrets. */
  async function write(operations: readonly StorageOperation[]): Promise<void> {
    try {
      const { monotonicMs, wallMs } = reading();
      const clock = { monotonicMs: monotonicMs - offsetMs, wallMs, fields: states.fields };
      await storage.write([...operations, putClock(namespace, clock)]);
    } finally {
      for (const operation of operations) if (operation.kind === "put") operation.value.fill(0);
    }
  }

  /** Writes the changes of successive steps: of each field, the last one. */
  async function writeSteps(steps: readonly StoredStep[]): Promise<void> {
    if (isStopped) throw new Error("The conversation is closed.");
    const effects = steps.flatMap((step) => step.effects);
    const operations = [
      ...(isRegistered ? [] : [parts.registration]),
      ...groups.changes(steps),
      ...steps.slice(-1).flatMap(({ after }) => states.changes(after)),
      ...steps.flatMap((step) => step.events).map(eventRecord),
      ...lastOfEach(steps.flatMap((step) => step.history)),
      ...effects.flatMap((effect) =>
        effect.kind === "consumeKeyPackage" ? [parts.keyPackageForgotten(effect.reference)] : [],
      ),
    ];
    isRegistered = true;
    if (operations.length > 0) await write([...operations, ...forgetTaken()]);
  }

  function restored(records: readonly StorageRecord[], then: ClockRecord): StoredConversation {
    const fields = states.restore(records, then.fields);
    const group = groups.decode(records);
    const now = reading();
    offsetMs = monotonicOffsetMs(then, now);
    const moved = withTimesMoved(fields, offsetMs);
    states.shift(moved, offsetMs);
    const events = recordsOf(records, EVENT).map(({ key, value }) => ({
      serial: serialOf(key),
      event: movedEvent(readEvent(decodeRecord(value)), offsetMs, now),
    }));
    if (!hasGroup(fields.phase)) return { state: moved as unknown as ConversationState, events };
    const state = { ...moved, group } as unknown as Active;
    return { state, events, advance: async () => ({ ...state, group: await groups.advance(state) }) };
  }

  return {
    save(step) {
      if (next === undefined) {
        const steps: StoredStep[] = [];
        // After a failure, all later batches fail with its error.
        last = last.then(() => {
          next = undefined;
          return writeSteps(steps);
        });
        next = { steps, written: last };
      }
      next.steps.push(step);
      return next.written;
    },

    stop() {
      isStopped = true;
    },

    acknowledge(serial) {
      taken.push(serial);
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

    async read() {
      isRegistered = true;
      const records = await storage.scan(namespace);
      const { clock: then, ...outline } = outlineOf(records);
      return {
        ...outline,
        restore: () => restored(records, then),
        wipe: () => records.forEach(({ value }) => value.fill(0)),
      };
    },
  };
}

/** Operations without those that a later one on the same record replaces. */
function lastOfEach(operations: readonly StorageOperation[]): readonly StorageOperation[] {
  return [...new Map(operations.map((one) => [`${one.namespace}/${one.key}`, one])).values()];
}

/** The text is derived from the content when restored, to save space; a deadline has the time of the records. */
function storedEvent(event: ConversationEvent, offsetMs: number): object {
  if (event.kind === "voteRequested")
    return { ...event, deadlineMonotonicMs: event.deadlineMonotonicMs - offsetMs };
  return event.kind === "message" ? { ...event, text: undefined } : event;
}

function readEvent(stored: unknown): ConversationEvent {
  const event = stored as ConversationEvent;
  return event.kind === "message" ? { ...event, text: bytesToUtf8(event.content) } : event;
}

/** The event with its deadline converted to the current clocks. */
function movedEvent(event: ConversationEvent, byMs: number, now: ClockReading): ConversationEvent {
  if (event.kind !== "voteRequested") return event;
  return { ...event, ...clockedDeadline(event.deadlineMonotonicMs + byMs, now) };
}
