import { DemlsError, type Packet } from "@demls/wire/core";
import { BehaviorSubject, Subject } from "rxjs";
import { isOver } from "./conversation-errors.js";
import { environmentOf, type DriverContext, type DriverStart, type ReplyEffect } from "./driver-context.js";
import type { Effect } from "../model/effect.js";
import type { ErrorEventCode } from "../model/error-code.js";
import type { ConversationEvent, NumberedEvent } from "../model/event.js";
import { EventFeed } from "./event-feed.js";
import { ignored, verdictOf, type InboundOutcome, type InboundReport } from "../model/inbound-outcome.js";
import { createHistoryReader, type HistoryReader } from "./history-reader.js";
import { createInboundGate, type InboundGate } from "./inbound-gate.js";
import type { Input } from "../model/input.js";
import { MessageFeed } from "./message-feed.js";
import { OutboxPublisher, storedPacket } from "./publisher.js";
import { StepKeeper } from "./step-keeper.js";
import { createStepPipeline, type TakenStep } from "./step-pipeline.js";
import { inspect, type ConversationInspection } from "../view/inspection.js";
import { hindersNextStep } from "./hindering-step.js";
import type { SerialQueue } from "./serial-queue.js";
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
 * With a store, a step is stored before its effects are performed and its packets are published. Meanwhile later steps run,
 * which are stored together. After a restart, unconfirmed effects are performed again: packets, requests for signatures,
 * events.
 */
export class ConversationDriver {
  /** All events as they occur, for the library's own use; applications use the feed. */
  readonly events = new Subject<ConversationEvent>();
  readonly feed: EventFeed;
  /** Chat of this and other members. */
  readonly messages: MessageFeed;
  readonly inbound = new Subject<InboundReport>();
  readonly replies = new Subject<ReplyEffect>();
  /** State after each step that changed it, once the step is stored. */
  readonly states: BehaviorSubject<ConversationState>;
  readonly tracer = createTracer();

  readonly #steps = createStepPipeline();
  readonly #gate: InboundGate;
  readonly #context: DriverContext;
  readonly #publisher: OutboxPublisher;
  readonly #keeper: StepKeeper;
  /** State after the latest step, which may not be stored yet. */
  #head: ConversationState;
  readonly #snapshotOf: ReturnType<typeof createSnapshotCache>;
  readonly #timer: WakeTimer;
  readonly #history: HistoryReader;
  readonly #transmitter: Transmitter;
  readonly #makeKeyPackage: MakeKeyPackage;
  #closed = false;

  constructor(start: DriverStart, context: DriverContext) {
    const { state, events, store, isRestored, secret } = start;
    this.#context = context;
    this.states = new BehaviorSubject(state);
    this.#gate = createInboundGate(context.clock, context.inboundLoad);
    this.#snapshotOf = createSnapshotCache(context);
    const isFailed = () => this.#keeper.failure !== undefined;
    const next = () => (isFailed() ? undefined : storedPacket(outboxOf(this.#head), outboxOf(this.state)));
    this.#publisher = new OutboxPublisher(context, next, (result) => void this.#submitOwn(result));
    this.#transmitter = createTransmitter(context);
    this.#makeKeyPackage = furtherKeyPackages(context, this.states, secret);
    this.#timer = createWakeTimer(context.clock, (kind) => void this.#submitOwn({ kind }), isRestored);
    this.#head = state;
    this.messages = new MessageFeed(state, (groupId) => context.historyOf(state.name, groupId));
    this.#keeper = new StepKeeper(start, this.messages, ({ message }) => {
      this.#timer.arm(undefined);
      this.tell({ kind: "error", code: "storage-failed", operation: "storage", message });
    });
    this.feed = new EventFeed(events, store && ((serial) => store.acknowledge(serial)));
    this.#history = createHistoryReader(context, {
      ...{ states: this.states, isRestored },
      take: async (packet) => (await this.submit({ kind: "packet", packet, origin: "history" })).outcome,
      report: (...failure) => this.report(...failure),
    });
  }

  /** Continues a restored conversation; resolves after its first step, which catches up with the others. */
  resume(): Promise<void> {
    return this.#submitOwn({ kind: "tick" });
  }

  /** Before a step: of a restored conversation, once, readies its group and repeats open requests for signatures. */
  async #begin(): Promise<void> {
    const ready = await this.#keeper.begin();
    if (ready === undefined) return;
    this.states.next((this.#head = ready));
    for (const { signature } of isActive(ready) ? ready.votes.open.values() : [])
      if (signature !== undefined) this.#sign(signature.requestId, signature.message);
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
   * Runs the step of an input after those of all earlier inputs. Resolves when it is stored.
   *
   * @throws DemlsError the step's error; `conversation-ended` or `closed` after {@link ConversationDriver.close};
   *   `storage-failed` if the step could not be stored, and from then on.
   */
  submit(input: Input): Promise<StepResult> {
    return this.#steps.run(async (carry) => {
      if (this.#closed) throw isOver(this.state);
      if (this.#keeper.failure !== undefined) throw this.#keeper.failure;
      await this.#begin();
      const isReport = input.kind === "published" || input.kind === "publishFailed";
      // Not before this step, because until then the packet is in the outbox and would be published twice.
      if (isReport) this.#publisher.noteReported();
      if (this.#timer.wasPaused() && input.kind !== "resumed")
        await carry(await this.#take({ kind: "resumed" }));
      const taken = await this.#take(input);
      // The next packet need not wait until this one's report is stored.
      if (isReport) void this.#publisher.publishNext();
      return taken;
    });
  }

  async #take(input: Input): Promise<TakenStep<StepResult>> {
    const before = this.#head;
    const env = environmentOf(this.#context);
    let result: StepResult;
    try {
      result = await step(before, input, env);
    } catch (error) {
      return { carryOut: () => this.tracer.failed(input, env, error) };
    }
    this.#head = result.state;
    const { events, messages, stored } = this.#keeper.keep(input, result);
    return {
      stored,
      isAwaited: hindersNextStep(before, input, result),
      carryOut: () => {
        this.tracer.taken(input, env, result.effects);
        this.#carryOut(before, result, events);
        this.messages.tell(messages);
        if (input.kind === "resumed") this.#history.read();
        else this.#history.noteStep();
        return result;
      },
    };
  }

  /**
   * Queues a packet from the network. Beyond the bound in `LIMITS`, the newest packet is dropped unread and reported.
   * @param order - Runs the step; by default after all earlier steps.
   */
  receive(packet: Packet, order: SerialQueue["run"] = (task) => task()): void {
    if (this.#closed || this.#keeper.failure !== undefined) return;
    const { refusal, isFirst } = this.#gate.admit(packet);
    if (isFirst) this.report("inboundQueue", TOO_FAST, undefined, "inbound-queue-full");
    if (refusal !== undefined) return this.#reportInbound(packet, ignored(refusal));
    order(() => this.submit({ kind: "packet", packet }))
      .catch((error: unknown) => this.report("packet", "A packet could not be processed.", error))
      .finally(() => this.#gate.release(packet));
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

  /** Resolves when no step runs, waits or is being stored. */
  idle(): Promise<void> {
    return this.#steps.idle();
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
    // A storage that hangs does not delay closing for ever. Events that are not flushed are delivered again after a restart.
    const stored = this.idle().then(() => this.#keeper.flush());
    await withinTime(stored, this.#context.clock, LIMITS.closeTimeoutMs);
    this.#keeper.stop();
    // The last snapshot outlives the secrets that it is made from.
    this.#snapshotOf(this.state);
    for (const state of new Set([this.#head, this.state])) wipeState(this.#context.plugins.mls, state);
    if (this.state.phase === "ended") this.feed.complete();
    else this.feed.close();
    this.messages.close();
    for (const subject of [this.events, this.inbound, this.replies, this.states, this.tracer.records])
      subject.complete();
  }

  #carryOut(
    before: ConversationState,
    { state, effects, wakeAtMs }: StepResult,
    events: readonly NumberedEvent[],
  ): void {
    wipeReplaced(this.#context.plugins.mls, before, state);
    if (!this.#closed && state === this.#head) this.#timer.arm(wakeAtMs);
    if (state !== before) this.states.next(state);
    const waiting = events.values();
    for (const effect of effects) {
      if (effect.kind === "event") this.#emit(waiting.next().value);
      else this.#perform(effect);
    }
    void this.#publisher.publishNext();
  }

  #emit(numbered: NumberedEvent | undefined): void {
    if (numbered === undefined) return;
    this.events.next(numbered.event);
    this.feed.push(numbered);
  }

  #perform(effect: Exclude<Effect, { kind: "event" }>): void {
    switch (effect.kind) {
      case "inbound":
        return this.#reportInbound(effect.packet, effect.outcome);
      case "sign":
        return this.#sign(effect.requestId, effect.message);
      case "discardGroup":
        return this.#context.plugins.mls.wipe([effect.group], groupsOf(this.state));
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
        return this.replies.next(effect);
      case "trace": // The tracer has it.
      case "chat": // The message feed has it.
    }
  }

  #sign(requestId: number, message: Uint8Array): void {
    if (this.#closed) return;
    void signatureInput(this.#context.signer, requestId, message).then((input) => this.#submitOwn(input));
  }

  /** Submits an input of its own. A failure becomes an event. */
  async #submitOwn(input: Input): Promise<void> {
    try {
      await this.submit(input);
    } catch (error) {
      if (this.#closed || this.#keeper.failure !== undefined) return;
      this.report(input.kind, "A step failed.", error);
      // The failed step set no timer, and its work is still due.
      this.#timer.arm(this.#context.clock.monotonicMs() + FAULT_RETRY_MS);
    }
  }
}
