import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Command, Input } from "../model/input.js";
import type { TracedDecision } from "../model/traced-decision.js";

/** A recorded command. A chat message is recorded only by its length in bytes. */
export type TracedCommand =
  | Exclude<Command, { kind: "send" }>
  | { readonly kind: "send"; readonly ticket: number; readonly contentBytes: number };

/**
 * A recorded input. Packets are recorded whole, because a replay needs them; they are public on the network, as are
 * signatures and key packages.
 */
export type TracedInput =
  Exclude<Input, { kind: "command" }> | { readonly kind: "command"; readonly command: TracedCommand };

/**
 * Record of a conversation's steps. Each step is an `input` and the records up to the next `input`. Records contain no
 * secrets and no chat content.
 */
export type TraceRecord =
  /** Input of a step and its time: monotonic milliseconds, and seconds since the Unix epoch. */
  | {
      readonly kind: "input";
      readonly nowMs: number;
      readonly nowSeconds: bigint;
      readonly input: TracedInput;
    }
  /** Decision of the step, with its reason. */
  | { readonly kind: "decision"; readonly decision: TracedDecision }
  /** Outcome of the step's packet, or, if `buffered`, of a packet buffered earlier. */
  | { readonly kind: "outcome"; readonly buffered: boolean; readonly outcome: InboundOutcome }
  /** The step failed and changed nothing. The code of the `DemlsError`; `unexpected` for other errors. */
  | { readonly kind: "failed"; readonly code: string };

/** The recorded form of an input. */
export function tracedInput(input: Input): TracedInput {
  if (input.kind !== "command") return input;
  const { command } = input;
  if (command.kind !== "send") return { kind: "command", command };
  const { kind, ticket, content } = command;
  return { kind: "command", command: { kind, ticket, contentBytes: content.length } };
}

/** An input for a replay. Placeholder bytes of the same length replace a redacted chat message. */
export function replayedInput(input: TracedInput): Input {
  if (input.kind !== "command") return input;
  const { command } = input;
  if (command.kind !== "send") return { kind: "command", command };
  const { kind, ticket, contentBytes } = command;
  return { kind: "command", command: { kind, ticket, content: new Uint8Array(contentBytes) } };
}
