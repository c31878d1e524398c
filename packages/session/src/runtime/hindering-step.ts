import type { Input } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import type { StepResult } from "../step/step.js";
import { holdsOtherGroups } from "./wiping.js";

/**
 * Whether the next step has to wait until a step is carried out. It has to if the effects wipe secrets or consume a key
 * package, which later steps must not see, or if a caller waits for the result. Chat and packets that do not change the
 * epoch hold up nothing.
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
