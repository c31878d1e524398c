import type { Observable } from "rxjs";
import type { InboundReport } from "../model/inbound-outcome.js";
import type { Command } from "../model/input.js";
import type { ConversationDriver } from "../runtime/driver.js";
import type { TraceRecord } from "../trace/record.js";
import type { ConversationInspection } from "../view/inspection.js";

/**
 * The part of a conversation that few applications need: looking inside it, and bringing a group together again.
 */
export interface ConversationAdmin {
  /**
   * The conversation as it is now, redacted for a log or a bug report: deadlines, buffers and stuck changes, besides
   * the fields of {@link Conversation.state}. `JSON.stringify` takes it as it is. Holds no secret and no chat.
   */
  inspect(): ConversationInspection;
  /** The outcome of each inbound packet; hot. */
  readonly inbound$: Observable<InboundReport>;
  /**
   * Every input, every decision with its reason, and every outcome; hot. Written down from the start it can be
   * replayed: see `encodeTraceRecord` and `replayTrace` of `@demls/session/trace`. Holds no secret and no chat. Costs
   * next to nothing while nobody listens.
   */
  readonly trace$: Observable<TraceRecord>;
  /** Broadcasts stewards, settings and scores for a joiner. @throws `not-joined`, `conversation-ended`, `closed`. */
  sendSync(): Promise<void>;
  /**
   * Installs, here alone and without a vote, the steward list that would be elected now. For tests and for
   * administrators that bring a group together again: unless every member does it in the same epoch, the
   * group parts over who may commit.
   *
   * @throws DemlsError `not-joined`, `conversation-ended`, `closed`.
   */
  regenerateStewards(): Promise<void>;
  /** Resolves when no input is being worked on or waiting. Timers, signers and the network may bring more. */
  idle(): Promise<void>;
}

/** The order in which the commands of a conversation reach its driver. */
export interface CommandOrder {
  run(command: Command): Promise<void>;
  /** Resolves when no command waits. */
  idle(): Promise<void>;
}

/** The {@link ConversationAdmin} of a driver. */
export function createAdmin(driver: ConversationDriver, commands: CommandOrder): ConversationAdmin {
  return {
    inspect: () => driver.inspect(),
    // Subjects themselves would be open to be written to.
    inbound$: driver.inbound.asObservable(),
    trace$: driver.tracer.records.asObservable(),
    sendSync: () => commands.run({ kind: "sendSync" }),
    regenerateStewards: () => commands.run({ kind: "regenerateStewards" }),
    async idle() {
      await commands.idle();
      await driver.idle();
    },
  };
}
