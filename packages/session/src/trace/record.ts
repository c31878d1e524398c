import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Command, Input } from "../model/input.js";
import type { TracedDecision } from "../model/traced-decision.js";

/** A command as it is recorded: of a chat message only how many bytes it has. */
export type TracedCommand =
  | Exclude<Command, { kind: "send" }>
  | { readonly kind: "send"; readonly ticket: number; readonly contentBytes: number };

/**
 * An input as it is recorded. Packets are whole, since a replay needs them, and hold nothing that the network
 * has not seen; signatures and key packages are public as well.
 */
export type TracedInput =
  Exclude<Input, { kind: "command" }> | { readonly kind: "command"; readonly command: TracedCommand };

/**
 * What a conversation took in, decided and answered: each step is an `input` and the records that follow it,
 * up to the next `input`. None of them holds a secret or what is said in a chat.
 */
export type TraceRecord =
  /** What a step was given, and when: monotonic milliseconds, and whole seconds since the Unix epoch. */
  | {
      readonly kind: "input";
      readonly nowMs: number;
      readonly nowSeconds: bigint;
      readonly input: TracedInput;
    }
  /** What was decided in the step, and why. */
  | { readonly kind: "decision"; readonly decision: TracedDecision }
  /** What became of the packet that the step was given, or, where `buffered`, of one that had waited for it. */
  | { readonly kind: "outcome"; readonly buffered: boolean; readonly outcome: InboundOutcome }
  /** The step failed and changed nothing. The code of the `DemlsError`; `unexpected` for other errors. */
  | { readonly kind: "failed"; readonly code: string };

/** What may be recorded of an input. */
export function tracedInput(input: Input): TracedInput {
  if (input.kind !== "command") return input;
  const { command } = input;
  if (command.kind !== "send") return { kind: "command", command };
  const { kind, ticket, content } = command;
  return { kind: "command", command: { kind, ticket, contentBytes: content.length } };
}

/** An input to repeat the step with: a chat message of the same length stands for what was redacted. */
export function replayedInput(input: TracedInput): Input {
  if (input.kind !== "command") return input;
  const { command } = input;
  if (command.kind !== "send") return { kind: "command", command };
  const { kind, ticket, contentBytes } = command;
  return { kind: "command", command: { kind, ticket, content: new Uint8Array(contentBytes) } };
}
