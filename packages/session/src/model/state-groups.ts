import type { MlsGroup } from "@demls/mls";
import type { ConversationState } from "./state.js";

/** Every group value that a state holds on to. */
export function groupsOf({ group, candidates }: ConversationState): readonly MlsGroup[] {
  const next = [...candidates.values()].map(({ staged }) => staged.next);
  return [group, ...next].filter((value) => value !== undefined);
}
