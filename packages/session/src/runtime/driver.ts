import { DemlsError, type Packet } from "@demls/wire/core";
import { BehaviorSubject, Subject } from "rxjs";
import { isOver, storageFailed } from "./conversation-errors.js";
import { environmentOf, type DriverContext, type DriverStart, type ReplyEffect } from "./driver-context.js";
import type { Effect } from "../model/effect.js";
import type { ErrorEventCode } from "../model/error-code.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import { createEventNumbering, EventFeed } from "./event-feed.js";
import { ignored, verdictOf, type InboundOutcome, type InboundReport } from "../model/inbound-outcome.js";
import { createHistoryReader, type HistoryReader } from "./history-reader.js";
import { createInboundAdmission, type InboundAdmission } from "./inbound-admission.js";
import type { Input } from "../model/input.js";
import { MessageFeed } from "./message-feed.js";
import { OutboxPublisher } from "./publisher.js";
import type { ChatMessage } from "../model/chat-message.js";
import type { ConversationStore, StoredStep } from "../storage/conversation-store.js";
import { inspect, type ConversationInspection } from "../view/inspection.js";
import { createSerialQueue, type SerialQueue } from "./serial-queue.js";
import type { ConversationSnapshot } from "../view/snapshot.js";
import { LIMITS } from "../model/limits.js";
import { groupsOf, isActive, type ConversationState } from "../model/state.js";
import { outboxOf } from "../messages/outbox.js";
import { step, type StepResult } from "../step/step.js";
import { signatureInput } from "./signature-request.js";
import { furtherKeyPackages, type MakeKeyPackage } from "./further-key-package.js";
import { createSnapshotCache } from "./snapshot-cache.js";
import { createWakeTimer, type WakeTimer } from "./wake-timer.js";
import { wipeReplaced, wipeState } from "./wiping.js";
import { withinTime } from "./time-limit.js";
import { createTransmitter, type Transmitter } from "./transmitter.js";
import { createTracer } from "../trace/tracer.js";

/** Delay after which a conversation retries its own failed step. */
const FAULT_RETRY_MS = 1_000;
const TOO_FAST = "Packets come faster than they can be read; the newest are dropped.";

/**
 * Runs the steps of one conversation, one at a time, and performs their effects: it publishes from the outbox, asks the
 * signer, sets the one timer and notifies observers. Publishing and signing never delay the next step; their results are
 * inputs like any other.
 *
 * With a store, a step is stored before its effects are performed. After a restart, unconfirmed effects are performed
 * again: packets, requests for signatures, events.
 */
export class ConversationDriver {
  /** All events as they occur, for the library's own use; applications use the feed. */
  readonly events = new Subject<ConversationEvent>();
  readonly feed: EventFeed;
  /** Chat of this and other members. */
  readonly messages: MessageFeed;
  readonly inbound = new Subject<InboundReport>();
  readonly replies = new Subject<ReplyEffect>();
  /** State after each step that changed it. */
  readonly states: BehaviorSubject<ConversationState>;
  readonly tracer = createTracer();

  readonly #queue = createSerialQueue();
  readonly #admission: InboundAdmission;
  readonly #context: DriverContext;
  readonly #publisher: OutboxPublisher;
  readonly #store: ConversationStore | undefined;
  /** Stored state; undefined until the first step of a new conversation has stored everything. */
  #kept: ConversationState | undefined;
  readonly #number: ReturnType<typeof createEventNumbering>;
  #failure: unknown;
  readonly #snapshotOf: ReturnType<typeof createSnapshotCache>;
  readonly #timer: WakeTimer;
  readonly #history: HistoryReader;
  readonly #transmitter: Transmitter;
  readonly #makeKeyPackage: MakeKeyPackage;
  #closed = false;

  constructor({ state, events, store, isRestored, secret }: DriverStart, context: DriverContext) {
    this.#context = context;
    this.states = new BehaviorSubject(state);
    this.#admission = createInboundAdmission(context.clock);
    this.#snapshotOf = createSnapshotCache(context);
    const outbox = () => (this.#failure === undefined ? outboxOf(this.state) : []);
    this.#publisher = new OutboxPublisher(context, outbox, (result) => this.#submitOwn(result));
    this.#transmitter = createTransmitter(context);
    this.#makeKeyPackage = furtherKeyPackages(context, this.states, secret);
    this.#timer = createWakeTimer(context.clock, (kind) => this.#submitOwn({ kind }), isRestored);
    this.#store = store;
    this.#kept = isRestored ? state : undefined;
    this.#number = createEventNumbering(events.at(-1)?.serial ?? 0);
    this.messages = new MessageFeed(state, (groupId) => context.historyOf(state.name, groupId));
    this.feed = new EventFeed(events, store && ((serial) => store.acknowledge(serial)));
    this.#history = createHistoryReader(context, {
      ...{ states: this.states, isRestored },
      take: async (packet) => (await this.submit({ kind: "packet", packet, origin: "history" })).outcome,
      report: (...failure) => this.report(...failure),
    });
  }

  /** Continues a restored conversation: repeats open requests for signatures. Its first step catches up with the others. */
  resume(): void {
    for (const { signature } of isActive(this.state) ? this.state.votes.open.values() : [])
      if (signature !== undefined) this.#sign(signature.requestId, signature.message);
    this.#submitOwn({ kind: "tick" });
  }

  get state(): ConversationState {
    return this.states.value;
  }

  get snapshot(): ConversationSnapshot {
    return this.#snapshotOf(this.state);
  }

  /** Current state for diagnosis, without secrets. */
  inspect(): ConversationInspection {
    return inspect(this.state, environmentOf(this.#context));
  }

  /**
   * Runs the step of an input after those of all earlier inputs.
   *
   * @throws DemlsError the step's error; `conversation-ended` or `closed` after {@link ConversationDriver.close};
   *   `storage-failed` if the step could not be stored, and from then on.
   */
  submit(input: Input): Promise<StepResult> {
    return this.#queue.run(async () => {
      if (this.#closed) throw isOver(this.state);
      if (this.#failure !== undefined) throw storageFailed(this.state.name, this.#failure);
      // Not before this step, because until then the packet is in the outbox and would be published twice.
      if (input.kind === "published" || input.kind === "publishFailed") this.#publisher.noteReported();
      if (this.#timer.wasPaused() && input.kind !== "resumed") await this.#take({ kind: "resumed" });
      return this.#take(input);
    });
  }

  async #take(input: Input): Promise<StepResult> {
    const before = this.state;
    const env = environmentOf(this.#context);
    const result = await step(before, input, env).catch((error: unknown) =>
      this.tracer.failed(input, env, error),
    );
    const events = this.#number(result.effects);
    const { effects } = result;
    const messages = await this.#keep({ before: this.#kept, after: result.state, input, effects, events });
    this.tracer.taken(input, env, effects);
    this.#carryOut(before, result, events);
    this.messages.tell(messages);
    if (input.kind === "resumed") this.#history.read();
    else this.#history.noteStep();
    return result;
  }

  /**
   * Queues a packet from the network. Beyond the bound in `LIMITS`, the newest packet is dropped unread and reported.
   *
   * @param order - Runs the step; by default after all earlier steps.
   */
  receive(packet: Packet, order: SerialQueue["run"] = (task) => task()): void {
    if (this.#closed || this.#failure !== undefined) return;
    const { refusal, isFirst } = this.#admission.admit(packet);
    if (isFirst) this.report("inboundQueue", TOO_FAST, undefined, "inbound-queue-full");
    if (refusal !== undefined) return this.#reportInbound(packet, ignored(refusal));
    order(() => this.submit({ kind: "packet", packet }))
      .catch((error: unknown) => this.report("packet", "A packet could not be processed.", error))
      .finally(() => this.#admission.release(packet));
  }

  /** Emits an `error` event for a failure in the background, with the message of a `DemlsError`. */
  report(operation: string, otherwise: string, error: unknown, code: ErrorEventCode = "step-failed"): void {
    if (this.#closed) return;
    const message = error instanceof DemlsError ? error.message : otherwise;
    this.tell({ kind: "error", code, operation, message });
  }

  /** Emits an event that no step emitted, and that is not stored. */
  tell(event: ConversationEvent): void {
    this.events.next(event);
    this.feed.tell(event);
  }

  #reportInbound(packet: Packet, outcome: InboundOutcome): void {
    this.inbound.next({ packet, outcome });
    this.#context.transport.noteVerdict?.(packet, verdictOf(outcome));
  }

  /** Resolves when no step runs or waits. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /**
   * Stops for good: cancels the timer, runs no further step, completes observers, wipes secrets. If the conversation has
   * ended, a handler still receives the waiting events; otherwise they stay stored for the next process.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer.arm(undefined);
    this.#history.close();
    this.#publisher.close();
    // A storage that hangs does not delay closing for ever.
    await withinTime(this.#queue.idle(), this.#context.clock, LIMITS.closeTimeoutMs);
    // Events that are not flushed are delivered again after a restart.
    if (this.#failure === undefined) await this.#store?.flush().catch(() => undefined);
    // The last snapshot outlives the secrets that it is made from.
    this.#snapshotOf(this.state);
    wipeState(this.#context.plugins.mls, this.state);
    if (this.state.phase === "ended") this.feed.complete();
    else this.feed.close();
    this.messages.close();
    for (const subject of [this.events, this.inbound, this.replies, this.states, this.tracer.records])
      subject.complete();
  }

  /**
   * Stores a step, and returns its chat. If that fails, the store may hold this step or the one before it. So the
   * conversation stops here, and continues from the store when it is restored.
   */
  async #keep(step: Omit<StoredStep, "history">): Promise<readonly ChatMessage[]> {
    try {
      const { messages, operations } = this.messages.place(step.after, step.effects);
      await this.#store?.save({ ...step, history: operations });
      this.#kept = step.after;
      return messages;
    } catch (error) {
      this.#failure = error;
      this.#timer.arm(undefined);
      wipeState(this.#context.plugins.mls, step.after, this.state);
      const failure = storageFailed(this.state.name, error);
      this.tell({ kind: "error", code: "storage-failed", operation: "storage", message: failure.message });
      throw failure;
    }
  }

  #carryOut(
    before: ConversationState,
    { state, effects, wakeAtMs }: StepResult,
    events: readonly NumberedEvent[],
  ): void {
    wipeReplaced(this.#context.plugins.mls, before, state);
    if (!this.#closed) this.#timer.arm(wakeAtMs);
    if (state !== before) this.states.next(state);
    const waiting = events.values();
    for (const effect of effects) {
      if (effect.kind === "event") this.#emit(waiting.next().value);
      else this.#perform(effect);
    }
    if (!this.#closed) void this.#publisher.publishNext();
  }

  #emit(numbered: NumberedEvent | undefined): void {
    if (numbered === undefined) return;
    this.events.next(numbered.event);
    this.feed.push(numbered);
  }

  #perform(effect: Exclude<Effect, { kind: "event" }>): void {
    switch (effect.kind) {
      case "inbound":
        this.#reportInbound(effect.packet, effect.outcome);
        return;
      case "sign":
        this.#sign(effect.requestId, effect.message);
        return;
      case "discardGroup":
        this.#context.plugins.mls.wipe([effect.group], groupsOf(this.state));
        return;
      case "generateKeyPackage":
        this.#makeKeyPackage(effect.replaces)
          .then((command) => this.#submitOwn({ kind: "command", command }))
          .catch((error: unknown) => this.report("keyPackage", "A key package could not be made.", error));
        return;
      case "consumeKeyPackage":
        return void this.#context.consumeKeyPackage(effect.reference);
      case "transmit":
        if (!this.#closed) this.#transmitter.transmit(effect.packet);
        return;
      case "sealed":
      case "unsent":
      case "leftOutbox":
        this.replies.next(effect);
        return;
      // The tracer and the message feed have these.
      case "trace":
      case "chat":
    }
  }

  #sign(requestId: number, message: Uint8Array): void {
    if (this.#closed) return;
    void signatureInput(this.#context.signer, requestId, message).then((input) => this.#submitOwn(input));
  }

  /** Submits an input of its own. No caller awaits it, so a failure becomes an event. */
  #submitOwn(input: Input): void {
    this.submit(input).catch((error: unknown) => {
      if (this.#closed || this.#failure !== undefined) return;
      this.report(input.kind, "A step failed.", error);
      // The failed step set no timer, and its work is still due.
      this.#timer.arm(this.#context.clock.monotonicMs() + FAULT_RETRY_MS);
    });
  }
}
