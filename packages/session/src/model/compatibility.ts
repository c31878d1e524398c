import type { ConsensusPlugin, ProposalRules } from "@demls/consensus";
import { STRICT_MARKER, type MlsGroup } from "@demls/mls";
import type { StewardListConfig } from "@demls/steward";
import { DemlsError } from "@demls/wire/core";
import type { ConversationConfig } from "./config.js";
import { LIMITS } from "./limits.js";

/**
 * Who may be in a conversation, fixed when it is created.
 *
 * - `"de-mls-3"`: members that run the Rust crate de-mls 3.0.0 may take part, so whatever must be
 *   the same everywhere is decided by that crate's rules.
 * - `"strict"`: only members of this project. The group itself requires it by MLS's own means
 *   (required_capabilities), so that a 3.0.0 key package is refused.
 */
export type CompatibilityMode = "de-mls-3" | "strict";

/** Everything that differs between the two modes, in one place. */
export interface CompatibilityPolicy {
  readonly mode: CompatibilityMode;
  /** The extension types that the MLS group requires of every member's leaf: by them a joiner learns the mode. */
  readonly requiredExtensions: readonly number[];
  /**
   * How long after a proposal opened a member settles it by the votes it has. In 3.0.0 only the
   * owner does, and peers keep an undecided session for good (weakness W3); so that the owner's
   * word comes first where 3.0.0 members listen, others wait longer.
   */
  consensusDeadlineMs(config: ConversationConfig, isOwner: boolean): number;
  /**
   * How proposals are counted and kept: 3.0.0's rule depends on the order in which votes arrive (weaknesses W2, W4), and
   * its open votes give way to newer ones. Where they don't, the open proposals of one member are bounded instead
   * (weakness W11).
   */
  readonly proposalRules: Required<ProposalRules>;
  /**
   * Whether a commit is taken that differs from what is approved here in what may have been decided otherwise
   * elsewhere: by 3.0.0's rule members come to different results without anyone's fault (weaknesses W1, W2, W3,
   * W11), and whoever refuses what the others take is left behind. In a strict conversation nothing excuses it.
   */
  readonly reconcilesOnCommit: boolean;
  /** Whether a vote signed in another form than the one that is written is refused; 3.0.0 takes all (weakness W18). */
  readonly rejectsMalleableSignatures: boolean;
  /**
   * Whether a commit that adds a member by another key package than the approved one breaks a rule. 3.0.0
   * compares identities only: whoever refused what it takes would be left behind, so there it is reported.
   */
  readonly rejectsSwappedKeyPackages: boolean;
  /**
   * Whether a proposal under the id of a member's leave that is not this leave is refused unseen. 3.0.0 looks at
   * no id, so there it is an ordinary proposal, voted no, whose outcome must be the same for everyone.
   */
  readonly rejectsReusedLeaveIds: boolean;
  /** Whether a commit with an urgent removal carries all that is approved; 3.0.0 restricts it (weakness W22). */
  readonly urgentCommitCarriesAll: boolean;
  /**
   * Whether a commit may leave out what is approved where the stewards' settings say so. In 3.0.0 the author of
   * such a commit merges what all others refuse (weakness W23).
   */
  readonly allowsSubsetCommits: boolean;
  /**
   * Whether an emergency in another member's name is refused unseen. 3.0.0 looks at no creator, so there it is
   * voted no, and nobody of this project is scored for it (weakness W27).
   */
  readonly rejectsForeignEvidence: boolean;
  /**
   * Whether an election that the group decided for, though its list is not the one that everyone derives, is left
   * uninstalled. 3.0.0 members install it, so there it is installed and reported (weakness W7).
   */
  readonly rejectsUnexpectedElections: boolean;
  /**
   * Whether approved work that no commit can hold is dropped; 3.0.0 members keep it, and whoever did not would take
   * a commit that they refuse (weaknesses W9, W10).
   */
  readonly dropsUncommittable: boolean;
  /** Whether a ConversationSync carries what is approved and open, for which 3.0.0 has no field (weakness W6). */
  readonly syncCarriesOpenProposals: boolean;
  /**
   * Whether what ranks lower is voted no while an emergency is open (RFC "Partial Freeze Semantics", which drops it:
   * but who has not heard of the emergency would count its votes); 3.0.0 filters nothing that comes in.
   */
  readonly emergencyBlocksLesser: boolean;
  /** How many open proposals of one member are not held against it; in 3.0.0 any number. */
  readonly openProposalsPerMember: number;
  /**
   * Whether a proposal or vote that a commit overtook on its way still counts, for all or for nobody (weakness W44).
   * 3.0.0 drops every application message of another epoch, chat included; chat of the epoch before is read here in
   * both modes.
   */
  readonly countsPastEpochVotes: boolean;
  /** How long after a commit nothing of the new epoch is sent: 3.0.0 keeps nothing for later (W6, W13). */
  quietAfterCommitMs(config: ConversationConfig): number;
}

const PEER_PATIENCE = 1.5;

const deMls3: CompatibilityPolicy = {
  mode: "de-mls-3",
  requiredExtensions: [],
  consensusDeadlineMs: (config, isOwner) => config.consensusTimeoutMs * (isOwner ? 1 : PEER_PATIENCE),
  proposalRules: { tally: "two-thirds", keepsActive: false },
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
  quietAfterCommitMs: ({ quietAfterCommitMs, consensusTimeoutMs, freezeMs }) =>
    Math.min(quietAfterCommitMs, Math.floor(Math.min(consensusTimeoutMs, freezeMs) / 2)),
};

const strict: CompatibilityPolicy = {
  mode: "strict",
  requiredExtensions: [STRICT_MARKER],
  consensusDeadlineMs: (config) => config.consensusTimeoutMs,
  proposalRules: { tally: "majority", keepsActive: true },
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
  quietAfterCommitMs: () => 0,
};

/** @throws DemlsError `invalid-compatibility` for what is neither of the modes. */
export function checkCompatibility(mode: CompatibilityMode): void {
  const modes: readonly CompatibilityMode[] = [deMls3.mode, strict.mode];
  if (modes.includes(mode)) return;
  throw new DemlsError("invalid-compatibility", {
    message: "There is no such compatibility mode.",
    field: "compatibility",
    remedy: `Pass ${modes.map((known) => JSON.stringify(known)).join(" or ")}, or leave it out.`,
  });
}

/**
 * Checks that the settings of the steward list are ones that everyone in a new conversation can keep.
 *
 * @throws DemlsError `invalid-steward-list-config`, its field `allowSubsetCandidates` (weakness W23).
 */
export function checkStewardSettings(
  mode: CompatibilityMode,
  { allowSubsetCandidates }: StewardListConfig,
): void {
  if (!allowSubsetCandidates || compatibilityPolicy(mode).allowsSubsetCommits) return;
  throw new DemlsError("invalid-steward-list-config", {
    message: "Members that run de-mls 3.0.0 refuse a commit that leaves out what is approved.",
    field: "allowSubsetCandidates",
    remedy: 'Leave it out, or create the conversation with compatibility "strict".',
  });
}

/**
 * Checks that everyone in a new conversation can keep to what the consensus plug-in was configured with.
 *
 * @throws DemlsError `unsupported-consensus`, its field the option, or what the plug-in throws.
 */
export function checkConsensus(mode: CompatibilityMode, consensus: ConsensusPlugin<unknown>): void {
  consensus.checkRules?.(compatibilityPolicy(mode).proposalRules);
}

/** The mode of a group, as its creator fixed it. */
export function modeOf({ requiredExtensions }: Pick<MlsGroup, "requiredExtensions">): CompatibilityMode {
  return requiredExtensions.includes(STRICT_MARKER) ? "strict" : "de-mls-3";
}

/** Whether some member of a group may run de-mls 3.0.0: its leaf does not list the marker of this project. */
export function mayHaveReferenceMembers({
  supportedExtensions,
}: Pick<MlsGroup, "supportedExtensions">): boolean {
  return !supportedExtensions.includes(STRICT_MARKER);
}

/** The policy of a mode. */
export function compatibilityPolicy(mode: CompatibilityMode): CompatibilityPolicy {
  return mode === "strict" ? strict : deMls3;
}
