import type { ChangeRequest } from "./request.js";
import type { Packet } from "@demls/wire/core";

/**
 * How a proposer votes on its own proposal (`CreatorVote` in de-mls 3.0.0).
 *
 * - `"yes"`: the yes travels with the proposal.
 * - `"deferred"`: it goes out alone, and the proposer votes like everyone else, by hand or by timer.
 */
export type CreatorVote = "yes" | "deferred";

/** What this member asks of a conversation. */
export type Command =
  | {
      readonly kind: "propose";
      readonly request: ChangeRequest;
      readonly creatorVote: CreatorVote;
    }
  | { readonly kind: "vote"; readonly proposalId: number; readonly vote: boolean }
  | { readonly kind: "send"; readonly ticket: number; readonly content: Uint8Array }
  | { readonly kind: "announceKeyPackage"; readonly keyPackage: Uint8Array }
  | { readonly kind: "sendSync" }
  | { readonly kind: "regenerateStewards" }
  | { readonly kind: "leave" };

/** Everything that moves a conversation. */
export type Input =
  | { readonly kind: "packet"; readonly packet: Packet }
  | { readonly kind: "command"; readonly command: Command }
  /** Time has passed: whatever is due at the environment's `nowMs` happens. */
  | { readonly kind: "tick" }
  | { readonly kind: "signed"; readonly requestId: number; readonly signature: Uint8Array }
  | { readonly kind: "signingFailed"; readonly requestId: number }
  | { readonly kind: "published"; readonly sequence: number }
  | { readonly kind: "publishFailed"; readonly sequence: number };
