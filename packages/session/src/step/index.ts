/**
 * The conversation as a value: a step takes a state and an input, and gives the next state and the effects that follow.
 * For simulations, tests and replays; applications have users and conversations, of `@demls/session`.
 *
 * @packageDocumentation
 */
export { compatibilityPolicy, type CompatibilityPolicy } from "../model/compatibility.js";
export type { Effect } from "../model/effect.js";
export type { ConversationPlugins, Environment } from "../model/environment.js";
export type { Command, Input } from "../model/input.js";
export { LIMITS } from "../model/limits.js";
export {
  initialState,
  type ApprovedProposal,
  type BufferedPacket,
  type BufferedProposal,
  type BufferedVote,
  type ConversationSeed,
  type ConversationState,
  type DefaultVoteTimer,
  type HeldCandidate,
  type OutboxEntry,
  type PendingSignature,
  type PendingUpdate,
  type QueuedMessage,
  type SigningPurpose,
} from "../model/state.js";
export type { ObservedProposal } from "../voting/observed-proposals.js";
export { step, type StepResult } from "./step.js";
