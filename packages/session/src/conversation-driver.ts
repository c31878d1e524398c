import type { ConsensusSigner } from "@demls/consensus";
import type { MlsGroup, OwnKeyPackage } from "@demls/mls";
import {
  DemlsError,
  type CancelTimer,
  type Clock,
  type MemberId,
  type Packet,
  type RandomSource,
  type Transport,
} from "@demls/wire/core";
import { BehaviorSubject, Subject } from "rxjs";
import { createDeferred } from "./deferred.js";
import type { Effect } from "./effect.js";
import type { ConversationPlugins, Environment } from "./environment.js";
import type { ConversationEvent } from "./event.js";
import { ignored, type InboundReport } from "./inbound-outcome.js";
import { createInboundQueue } from "./inbound-queue.js";
import type { Input } from "./input.js";
import { pictureOf, type ConversationPicture } from "./picture.js";
import { createSerialQueue, type SerialQueue } from "./serial-queue.js";
import { snapshotOf, type ConversationSnapshot } from "./snapshot.js";
import { LIMITS, type ConversationState } from "./state.js";
import { step, type StepResult } from "./step.js";
import { createTracer } from "./tracer.js";

/** What a conversation of a user needs from it. */
export interface DriverContext {
  readonly plugins: ConversationPlugins;
  readonly signer: ConsensusSigner;
  readonly self: MemberId;
  readonly display: string;
  readonly appId: Uint8Array;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly transport: Transport;
  /** Own key packages that no welcome has used yet. */
  keyPackages(): readonly OwnKeyPackage[];
  consumeKeyPackage(reference: string): void;
}

/** Effects that answer one call rather than tell everyone. */
export type ReplyEffect = Extract<Effect, { kind: "sealed" | "unsent" | "left-outbox" }>;

/** After a step of its own accord failed, a conversation tries again what was due. */
const FAULT_RETRY_MS = 1_000;

/**
 * Runs the steps of one conversation, one at a time, and carries out what they decide: it publishes
 * from the outbox, asks the signer, keeps the one timer, and tells the observers. Publishing and
 * signing never hold up the next step; what they come to is an input like any other.
 */
export class ConversationDriver {
  readonly events = new Subject<ConversationEvent>();
  readonly inbound = new Subject<InboundReport>();
  readonly replies = new Subject<ReplyEffect>();
  /** The state after every step that changed it. */
  readonly states: BehaviorSubject<ConversationState>;
  readonly tracer = createTracer();

  readonly #queue = createSerialQueue();
  readonly #inboundQueue = createInboundQueue();
  readonly #context: DriverContext;
  #snapshot: { readonly of: ConversationState; readonly value: ConversationSnapshot } | undefined;
  #cancelTimer: CancelTimer | undefined;
  #publishing = false;
  #cancelPublishTimeout: CancelTimer | undefined;
  #closed = false;

  constructor(state: ConversationState, context: DriverContext) {
    this.states = new BehaviorSubject(state);
    this.#context = context;
  }

  get state(): ConversationState {
    return this.states.value;
  }

  /** The state as plain data to look at: made when it is asked for, once for each state. */
  get snapshot(): ConversationSnapshot {
    const { state } = this;
    if (this.#snapshot?.of !== state) {
      this.#snapshot = { of: state, value: snapshotOf(state, this.#environment()) };
    }
    return this.#snapshot.value;
  }

  /** The state redacted for diagnosis, as of now. */
  inspect(): ConversationPicture {
    return pictureOf(this.state, this.#environment());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Takes an input when all before it have been taken.
   *
   * @throws DemlsError what the step throws; `closed` after {@link ConversationDriver.close}.
   */
  submit(input: Input): Promise<StepResult> {
    return this.#queue.run(async () => {
      if (this.#closed) throw closedError(this.state.name);
      // Only now: until this step the packet is still in the outbox, and one before it would publish it again.
      if (input.kind === "published" || input.kind === "publish-failed") this.#publishing = false;
      const before = this.state;
      const env = this.#environment();
      const result = await step(before, input, env).catch((error: unknown) =>
        this.tracer.failed(input, env, error),
      );
      this.tracer.taken(input, env, result.effects);
      this.#carryOut(before, result);
      return result;
    });
  }

  /**
   * Takes a packet from the network in its turn. What waits is bounded (see {@link LIMITS}): a packet for
   * which there is no room is dropped unread, and reported.
   *
   * @param order runs the step; by default as soon as those before it are done.
   */
  receive(packet: Packet, order: SerialQueue["run"] = (task) => task()): void {
    if (this.#closed) return;
    const admission = this.#inboundQueue.admit(packet);
    if (admission !== "admitted") {
      this.#reportRefused(packet, admission === "first-refused");
      return;
    }
    order(() => this.submit({ kind: "packet", packet }))
      .catch((error: unknown) => this.report("packet", error, "A packet could not be processed."))
      .finally(() => this.#inboundQueue.release(packet));
  }

  /** Tells of what failed in the background, by a `DemlsError`'s own words where it is one. */
  report(operation: string, error: unknown, otherwise: string): void {
    if (this.#closed) return;
    const message = error instanceof DemlsError ? error.message : otherwise;
    this.events.next({ kind: "error", operation, message });
  }

  #reportRefused(packet: Packet, isFirst: boolean): void {
    this.inbound.next({ packet, outcome: ignored("queue-full") });
    const message = "Packets come faster than they can be read; the newest are dropped.";
    if (isFirst) this.events.next({ kind: "error", operation: "inbound queue", message });
  }

  /** Resolves when no step is under way or waiting. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Stops for good: no timer, no further step, observers complete, secrets are wiped. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer?.();
    this.#cancelPublishTimeout?.();
    await this.#queue.idle();
    this.#context.plugins.mls.wipe(groupsOf(this.state), []);
    const { records } = this.tracer;
    for (const subject of [this.events, this.inbound, this.replies, this.states, records]) subject.complete();
  }

  #environment(): Environment {
    const { plugins, self, display, appId, random, clock, keyPackages } = this.#context;
    return {
      plugins,
      self,
      display,
      appId,
      random,
      nowMs: clock.monotonicMs(),
      nowSeconds: BigInt(Math.floor(clock.wallMs() / 1_000)),
      keyPackages: keyPackages(),
    };
  }

  #carryOut(before: ConversationState, { state, effects, wakeAtMs }: StepResult): void {
    this.#wipeSpent(before, state);
    this.#armTimer(wakeAtMs);
    if (state !== before) this.states.next(state);
    for (const effect of effects) this.#perform(effect);
    void this.#publishNext();
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "event":
        this.events.next(effect.event);
        return;
      case "inbound":
        this.inbound.next({ packet: effect.packet, outcome: effect.outcome });
        return;
      case "sign":
        void this.#sign(effect.requestId, effect.message);
        return;
      case "discard-group":
        this.#context.plugins.mls.wipe([effect.group], groupsOf(this.state));
        return;
      case "consume-key-package":
        this.#context.consumeKeyPackage(effect.reference);
        return;
      case "sealed":
      case "unsent":
      case "left-outbox":
        this.replies.next(effect);
        return;
      case "trace":
        // Told by the tracer, beside the input that it follows from.
        return;
    }
  }

  /** Secrets go when a group, or the candidate for one, has been replaced; messages alone replace few. */
  #wipeSpent(before: ConversationState, after: ConversationState): void {
    if (before.group?.epoch === after.group?.epoch && before.candidates === after.candidates) return;
    this.#context.plugins.mls.wipe(groupsOf(before), groupsOf(after));
  }

  #armTimer(wakeAtMs: number | undefined): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (wakeAtMs === undefined || this.#closed) return;
    this.#cancelTimer = this.#context.clock.wakeAt(wakeAtMs, () => this.#feed({ kind: "tick" }));
  }

  async #sign(requestId: number, message: Uint8Array): Promise<void> {
    if (this.#closed) return;
    try {
      const signature = await this.#context.signer.sign(message);
      this.#feed({ kind: "signed", requestId, signature });
    } catch {
      // What a signer throws may tell of its keys; that it declined is all that is passed on.
      this.#feed({ kind: "signing-failed", requestId });
    }
  }

  /** Publishes the oldest packet, one at a time, so that they leave in the order they were decided. */
  async #publishNext(): Promise<void> {
    const entry = this.state.outbox[0];
    if (entry === undefined || this.#publishing || this.#closed) return;
    if (entry.notBeforeMs > this.#context.clock.monotonicMs()) return;
    this.#publishing = true;
    const { sequence, packet } = entry;
    const published = await this.#publish(packet);
    this.#feed(published ? { kind: "published", sequence } : { kind: "publish-failed", sequence });
  }

  /**
   * Whether the transport took a packet. One that it neither takes nor refuses in time counts as refused, so
   * that the others do not wait for it for good; should it go out after all, members know it by then.
   */
  #publish(packet: Packet): Promise<boolean> {
    const { transport, clock } = this.#context;
    const { promise, resolve } = createDeferred<boolean>();
    this.#cancelPublishTimeout = clock.wakeAt(clock.monotonicMs() + LIMITS.publishTimeoutMs, () =>
      resolve(false),
    );
    // In a step of its own: a transport may throw before it returns a promise.
    Promise.resolve()
      .then(() => transport.publish(packet))
      .then(
        () => resolve(true),
        () => resolve(false),
      );
    return promise.finally(() => this.#cancelPublishTimeout?.());
  }

  /** Submits what comes from inside; nobody awaits it, so a failure becomes an event. */
  #feed(input: Input): void {
    if (this.#closed) return;
    this.submit(input).catch((error: unknown) => {
      if (this.#closed) return;
      this.report(input.kind, error, "A step failed.");
      // The failed step has armed no timer, and what is due still is.
      this.#armTimer(this.#context.clock.monotonicMs() + FAULT_RETRY_MS);
    });
  }
}

/** Every group value that a state holds on to. */
function groupsOf({ group, candidates }: ConversationState): readonly MlsGroup[] {
  const next = [...candidates.values()].map(({ staged }) => staged.next);
  return [group, ...next].filter((value) => value !== undefined);
}

export function closedError(name: string): DemlsError<"closed"> {
  return new DemlsError("closed", {
    message: `The conversation ${JSON.stringify(name)} is closed here.`,
    remedy: "Join it again, or create another.",
  });
}
