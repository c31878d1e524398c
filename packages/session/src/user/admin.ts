import type { Observable } from "rxjs";
import type { InboundReport } from "../model/inbound-outcome.js";
import type { Command } from "../model/input.js";
import type { ConversationDriver } from "../runtime/driver.js";
import type { TraceRecord } from "../trace/record.js";
import type { ConversationInspection } from "../view/inspection.js";

/** Diagnostics and repair functions of a conversation, which few applications need. */
export interface ConversationAdmin {
  /**
   * Returns a redacted inspection of the conversation for logs and bug reports: the fields of
   * {@link Conversation.state}, deadlines, buffers and uncommittable changes. It is JSON-serialisable and contains no secrets
   * and no chat.
   */
  inspect(): ConversationInspection;
  /** Outcome of each inbound packet; hot. */
  readonly inbound$: Observable<InboundReport>;
  /**
   * Every input, every decision with its reason, and every outcome; hot. A trace recorded from the start can be
   * replayed with `encodeTraceRecord` and `replayTrace` of `@demls/session/trace`. It contains no secrets and no chat.
   * It costs almost nothing without subscribers.
   */
  readonly trace$: Observable<TraceRecord>;
  /**
   * Broadcasts a ConversationSync (stewards, settings, scores). @throws `not-joined`, `conversation-ended`, `closed`.
   */
  sendSync(): Promise<void>;
  /**
   * Installs the next steward list on this member alone, without a vote. For tests, and for administrators that repair
   * a group: every member must call it in the same epoch, or members disagree on the stewards.
   *
   * @throws DemlsError `not-joined`, `conversation-ended`, `closed`.
   */
  regenerateStewards(): Promise<void>;
  /** Resolves when the inbound queue is empty. Timers, signers and the network may add new inputs later. */
  idle(): Promise<void>;
}

/** Queue of a conversation's commands, in call order. */
export interface CommandOrder {
  run(command: Command): Promise<void>;
  /** Resolves when the queue is empty. */
  idle(): Promise<void>;
}

/** Creates the {@link ConversationAdmin} of a driver. */
export function createAdmin(driver: ConversationDriver, commands: CommandOrder): ConversationAdmin {
  return {
    inspect: () => driver.inspect(),
    // `asObservable` hides the subject's `next`.
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
