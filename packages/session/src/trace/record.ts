import type { InboundOutcome } from "../model/inbound-outcome.js";
import type { Command, Input } from "../model/input.js";
import { MEMBER_KEY_BYTES } from "../model/invitations.js";
import type { TracedDecision } from "../model/traced-decision.js";

/** A recorded command. A chat message is recorded only by its length in bytes, and an invitation without its key. */
export type TracedCommand =
  | Exclude<Command, { kind: "send" | "shareInvitation" }>
  | { readonly kind: "shareInvitation"; readonly id: string; readonly expiresAt: bigint }
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
  return { kind: "command", command: tracedCommand(input.command) };
}

function tracedCommand(command: Command): TracedCommand {
  switch (command.kind) {
    case "send": {
      const { kind, ticket, content } = command;
      return { kind, ticket, contentBytes: content.length };
    }
    case "shareInvitation": {
      const { kind, id, expiresAt } = command;
      return { kind, id, expiresAt };
    }
    default:
      return command;
  }
}

/** An input for a replay. Placeholder bytes of the same length replace a redacted chat message or key. */
export function replayedInput(input: TracedInput): Input {
  if (input.kind !== "command") return input;
  return { kind: "command", command: replayedCommand(input.command) };
}

function replayedCommand(command: TracedCommand): Command {
  switch (command.kind) {
    case "send": {
      const { kind, ticket, contentBytes } = command;
      return { kind, ticket, content: new Uint8Array(contentBytes) };
    }
    case "shareInvitation":
      return { ...command, memberKey: new Uint8Array(MEMBER_KEY_BYTES) };
    default:
      return command;
  }
}
