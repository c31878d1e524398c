import type { ConsensusPlugin, TallyRule } from "@demls/consensus";
import type { StewardListConfig } from "@demls/steward";
import { DemlsError } from "@demls/wire/core";
import type { ConversationConfig } from "./config.js";
import { LIMITS } from "./limits.js";

/**
 * Compatibility mode of a conversation, fixed when it is created.
 *
 * - `"de-mls-3"`: members may run the Rust crate de-mls 3.0.0, so its rules decide everything that members must agree
 *   on.
 * - `"strict"`: all members run this implementation. The group requires it with the MLS extension
 *   required_capabilities, which excludes 3.0.0 key packages.
 */
export type CompatibilityMode = "de-mls-3" | "strict";

/** All differences between the two modes. */
export interface CompatibilityPolicy {
  readonly mode: CompatibilityMode;
  /** Whether the group context carries the strict marker. */
  readonly marksGroup: boolean;
  /**
   * How long after a proposal opened a member settles it by the votes it has. In 3.0.0 only the
   * owner does, and peers keep an undecided session for good (weakness W3); so that the owner's
   * word comes first where 3.0.0 members listen, others wait longer.
   */
  consensusDeadlineMs(config: ConversationConfig, isOwner: boolean): number;
  /** Rule that counts votes. The 3.0.0 rule depends on their arrival order (weaknesses W2, W4). */
  readonly tallyRule: TallyRule;
  /**
   * Whether a commit may differ from this member's approved changes. With the 3.0.0 rule, honest members may decide the
   * same vote differently (weaknesses W1, W2, W3, W11); a member that rejects the commit of the others loses the group.
   * In a strict conversation all members decide alike.
   */
  readonly reconcilesOnCommit: boolean;
  /** Whether to reject votes whose signature is not in canonical form; 3.0.0 accepts them (weakness W18). */
  readonly rejectsMalleableSignatures: boolean;
  /**
   * Whether to reject a commit that adds a member with another key package than approved. 3.0.0 compares only
   * identities. A member that rejects such a commit would lose the group, so in `de-mls-3` it is only reported.
   */
  readonly rejectsSwappedKeyPackages: boolean;
  /**
   * Whether to reject a proposal that reuses the id of a member's leave. 3.0.0 does not check ids, so in `de-mls-3` it
   * is an ordinary proposal with a default vote of no, and all members must get the same result.
   */
  readonly rejectsReusedLeaveIds: boolean;
  /**
   * Whether a commit with an urgent removal contains all approved changes; 3.0.0 restricts it to the removal (weakness
   * W22).
   */
  readonly urgentCommitCarriesAll: boolean;
  /**
   * Whether a commit may omit approved changes if the steward settings allow it. In 3.0.0 the author of such a commit
   * merges it while all others reject it (weakness W23).
   */
  readonly allowsSubsetCommits: boolean;
  /**
   * Whether to reject an emergency created in another member's name. 3.0.0 does not check the creator, so in `de-mls-3`
   * the default vote is no, and this implementation changes no score for it (weakness W27).
   */
  readonly rejectsForeignEvidence: boolean;
  /**
   * Whether to discard an accepted election with a list that members cannot derive. 3.0.0 installs it, so in `de-mls-3`
   * it is installed and reported (weakness W7).
   */
  readonly rejectsUnexpectedElections: boolean;
  /**
   * Whether to drop approved changes that no commit can contain. 3.0.0 keeps them, and would reject a commit without
   * them (weaknesses W9, W10).
   */
  readonly dropsUncommittable: boolean;
  /** Whether a ConversationSync contains approved and open proposals; 3.0.0 has no field for them (weakness W6). */
  readonly syncCarriesOpenProposals: boolean;
  /**
   * Whether the default vote on proposals of lower priority is no while an emergency is open. RFC "Partial Freeze
   * Semantics" drops them, but members that have not received the emergency would count their votes. 3.0.0 filters no
   * received proposal.
   */
  readonly emergencyBlocksLesser: boolean;
  /** Maximum number of open proposals per member before the default vote is no; unlimited in 3.0.0. */
  readonly openProposalsPerMember: number;
  /**
   * Whether a proposal or vote of the previous epoch still counts, for all members alike (weakness W44). 3.0.0 drops
   * every application message of another epoch, including chat. This implementation delivers chat of the previous epoch
   * in both modes.
   */
  readonly countsPastEpochVotes: boolean;
  /** Whether open votes are never evicted; instead, each member's open proposals are bounded (weakness W11). */
  readonly keepsOpenVotes: boolean;
  /** Delay after a commit before messages of the new epoch are sent, because 3.0.0 buffers none (W6, W13). */
  quietAfterCommitMs(config: ConversationConfig): number;
}

const PEER_PATIENCE = 1.5;

const deMls3: CompatibilityPolicy = {
  mode: "de-mls-3",
  marksGroup: false,
  consensusDeadlineMs: (config, isOwner) => config.consensusTimeoutMs * (isOwner ? 1 : PEER_PATIENCE),
  tallyRule: "two-thirds",
  reconcilesOnCommit: true,
  rejectsMalleableSignatures: false,
  rejectsSwappedKeyPackages: false,
  rejectsReusedLeaveIds: false,
  urgentCommitCarriesAll: false,
  allowsSubsetCommits: false,
  rejectsForeignEvidence: false,
  rejectsUnexpectedElections: false,
  dropsUncommittable: false,
  syncCarriesOpenProposals: false,
  emergencyBlocksLesser: false,
  openProposalsPerMember: Infinity,
  countsPastEpochVotes: false,
  keepsOpenVotes: false,
  quietAfterCommitMs: ({ quietAfterCommitMs, consensusTimeoutMs, freezeMs }) =>
    Math.min(quietAfterCommitMs, Math.floor(Math.min(consensusTimeoutMs, freezeMs) / 2)),
};

const strict: CompatibilityPolicy = {
  mode: "strict",
  marksGroup: true,
  consensusDeadlineMs: (config) => config.consensusTimeoutMs,
  tallyRule: "majority",
  reconcilesOnCommit: false,
  rejectsMalleableSignatures: true,
  rejectsSwappedKeyPackages: true,
  rejectsReusedLeaveIds: true,
  urgentCommitCarriesAll: true,
  allowsSubsetCommits: true,
  rejectsForeignEvidence: true,
  rejectsUnexpectedElections: true,
  dropsUncommittable: true,
  syncCarriesOpenProposals: true,
  emergencyBlocksLesser: true,
  openProposalsPerMember: LIMITS.openProposalsPerMember,
  countsPastEpochVotes: true,
  keepsOpenVotes: true,
  quietAfterCommitMs: () => 0,
};

/** @throws DemlsError `invalid-compatibility` for any other value. */
export function checkCompatibility(mode: CompatibilityMode): void {
  const modes: readonly CompatibilityMode[] = [deMls3.mode, strict.mode];
  if (modes.includes(mode)) return;
  throw new DemlsError("invalid-compatibility", {
    message: "The compatibility mode is unknown.",
    field: "compatibility",
    remedy: `Pass ${modes.map((known) => JSON.stringify(known)).join(" or ")}, or omit it.`,
  });
}

/**
 * Checks that the mode supports the settings of the steward list.
 *
 * @throws DemlsError `invalid-steward-list-config`, with field `allowSubsetCandidates` (weakness W23).
 */
export function checkStewardSettings(
  mode: CompatibilityMode,
  { allowSubsetCandidates }: StewardListConfig,
): void {
  if (!allowSubsetCandidates || compatibilityPolicy(mode).allowsSubsetCommits) return;
  throw new DemlsError("invalid-steward-list-config", {
    message: "Members that run de-mls 3.0.0 reject a commit that omits approved changes.",
    field: "allowSubsetCandidates",
    remedy: 'Omit it, or create the conversation with compatibility "strict".',
  });
}

/**
 * Checks that the mode supports the options of the consensus plug-in.
 *
 * @throws DemlsError `unsupported-consensus`, with the option as field, or any error of the plug-in.
 */
export function checkConsensus(mode: CompatibilityMode, consensus: ConsensusPlugin<unknown>): void {
  consensus.checkRule?.(compatibilityPolicy(mode).tallyRule);
}

/** The policy of a mode. */
export function compatibilityPolicy(mode: CompatibilityMode): CompatibilityPolicy {
  return mode === "strict" ? strict : deMls3;
}
