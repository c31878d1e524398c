import type { Input } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import type { StepResult } from "../step/step.js";
import { holdsOtherGroups } from "./wiping.js";

/**
 * Whether the next step may only run after a step is carried out: its effects wipe secrets or consume a key package, which
 * later steps must not see, or its caller goes on with its result. Chat and packets that leave the epoch as it is do not.
 */
export function hindersNextStep(
  before: ConversationState,
  input: Input,
  { state, effects }: StepResult,
): boolean {
  return (
    (input.kind === "command" && input.command.kind !== "send") ||
    holdsOtherGroups(before, state) ||
    effects.some(({ kind }) => kind === "discardGroup" || kind === "consumeKeyPackage")
  );
}
