import type { MemberId } from "@demls/wire/core";
import { checkCompatibility, checkConsensus, checkStewardSettings } from "../model/compatibility-check.js";
import { compatibilityPolicy } from "../model/compatibility.js";
import type { Input } from "../model/input.js";
import { createdConversation } from "../model/state.js";
import type { DriverStart } from "../runtime/driver-context.js";
import type { OwnLeafKey } from "../runtime/own-leaf-key.js";
import { conversationSeed } from "./conversation-seed.js";
import type { CreateConversationOptions, UserPlugins } from "./options.js";

/** Start of a conversation, and its first input. */
export interface Prepared extends Pick<DriverStart, "state" | "secret"> {
  readonly first: Input;
}

/** Input without an effect of its own. */
export const TICK: Input = { kind: "tick" };

/** Parts of the user that creates a group. */
export interface Founder {
  readonly plugins: UserPlugins;
  readonly leafKey: OwnLeafKey;
  readonly self: MemberId;
  readonly display: string;
}

/**
 * Checks the settings of a new conversation, and returns the function that creates its group, with this user as its only
 * member and steward.
 *
 * @throws DemlsError as `User.createConversation`.
 */
export function preparedGroup(
  name: string,
  { compatibility = "strict", ...overrides }: CreateConversationOptions,
  { plugins, leafKey, self, display }: Founder,
): () => Promise<Prepared> {
  checkCompatibility(compatibility);
  // A commit of all approved changes separates members that learn of an approval at different moments (W47).
  const policy = compatibilityPolicy(compatibility);
  const { allowsSubsetCommits: allowSubsetCandidates, requiredExtensions } = policy;
  const leaf = policy.namesLeaves ? { claimedName: display } : {};
  const bounds = { ...(allowSubsetCandidates && { allowSubsetCandidates }), ...overrides.stewards };
  const settings = conversationSeed(name, { ...overrides, stewards: bounds }, plugins);
  const { stewards, scoring, consensus } = plugins;
  checkConsensus(compatibility, consensus);
  checkStewardSettings(compatibility, stewards.config(settings.stewards));
  return async () => {
    const { mls, identityProof } = await leafKey.proved();
    const group = await mls.createGroup(name, { ...leaf, requiredExtensions, identityProof });
    const state = createdConversation(
      {
        ...settings,
        stewards: stewards.installList(settings.stewards, 0n, [self], 1, 0).state,
        scores: scoring.addMember(settings.scores, self),
      },
      { mode: compatibility, group, sessions: consensus.empty() },
    );
    return { state, first: TICK };
  };
}
