import type { ProposalRules } from "@demls/consensus";
import { STRICT_MARKER, type MlsGroup } from "@demls/mls";
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
  /** Name of the mode. */
  readonly mode: CompatibilityMode;
  /** Extensions that the group context requires: in strict mode the marker, which no 3.0.0 key package lists. */
  readonly requiredExtensions: readonly number[];
  /**
   * Time after which a member settles an open proposal by the votes it has. In 3.0.0 only the owner does, and peers
   * keep an undecided session for ever (weakness W3). So in `de-mls-3` peers wait longer than the owner, whose result
   * comes first.
   */
  consensusDeadlineMs(config: ConversationConfig, isOwner: boolean): number;
  /**
   * Rules by which votes are counted and open votes kept. With the `tally` `two-thirds`, silence counts as soon as two
   * thirds have voted, so the order of votes can matter. With `majority`, more than half decide, silence counts only at
   * the deadline, and the order never matters (weaknesses W2, W4). With `keepsActive`, an open vote is never evicted;
   * without it, the oldest of `maxSessions` proposals is evicted, open or not (weakness W11).
   */
  readonly proposalRules: Required<ProposalRules>;
  /**
   * Whether a commit with other changes than approved here is accepted if the same votes may have approved them
   * elsewhere (`reconciled` event). By 3.0.0's rules honest members can get different results, and a member that
   * rejects the others' commit is left behind (weaknesses W1, W2, W3, W11).
   */
  readonly reconcilesOnCommit: boolean;
  /** Whether a valid signature is rejected if its form is not canonical; 3.0.0 accepts every form (weakness W18). */
  readonly rejectsMalleableSignatures: boolean;
  /**
   * Whether a proposal under the id of another member's leave is rejected without a vote (`borrowed-leave-id`). 3.0.0
   * does not check the id, so in `de-mls-3` the default vote is no (weakness W30).
   */
  readonly rejectsReusedLeaveIds: boolean;
  /**
   * Whether a commit with an urgent removal carries all approved changes, so that a score removal waits only for
   * another score removal. In 3.0.0 such a commit has that removal alone, so in `de-mls-3` a score removal waits for
   * all other changes (weakness W22).
   */
  readonly urgentCommitCarriesAll: boolean;
  /**
   * Whether a commit may omit approved changes if `allowSubsetCandidates` is set; these stay approved. In 3.0.0 the
   * author of such a commit merges it, and all others reject it (weaknesses W23, W47).
   */
  readonly allowsSubsetCommits: boolean;
  /**
   * Whether an emergency in another member's name is rejected without a vote (`borrowed-name`). 3.0.0 does not check
   * the creator, so in `de-mls-3` the default vote is no, and no score changes (weakness W27).
   */
  readonly rejectsForeignEvidence: boolean;
  /**
   * Whether an elected steward list is ignored if members cannot derive it; a joiner then buffers elections until its
   * sync. 3.0.0 members install such a list. So in `de-mls-3` the default vote is no, but an elected list is installed
   * and reported (weakness W7).
   */
  readonly rejectsUnexpectedElections: boolean;
  /**
   * Whether an approved change that no commit can hold is dropped and reported, such as the older of two key packages
   * of one joiner. 3.0.0 members keep it and reject a commit without it, so in `de-mls-3` it stays and is reported by
   * an `error` event, `uncommittable-change` (weaknesses W9, W10, W32).
   */
  readonly dropsUncommittable: boolean;
  /**
   * Whether a ConversationSync carries approved changes and open proposals with their votes, besides stewards, settings
   * and scores; 3.0.0 has no field for them (weakness W6).
   */
  readonly syncCarriesOpenProposals: boolean;
  /**
   * Whether the default vote on other proposals is no while an emergency is open, without a `voteRequested` event. The
   * RFC ("Partial Freeze Semantics") drops them, but a member that has not received the emergency would count their
   * votes. 3.0.0 votes on them as usual.
   */
  readonly emergencyBlocksLesser: boolean;
  /**
   * Number of open proposals of one member beyond which the default vote on all of them is no; see the bounds
   * `openProposalsPerMember` and `rememberedProposalsPerMember` (weakness W11).
   */
  readonly openProposalsPerMember: number;
  /**
   * Whether proposals and votes of the previous epoch still count for two minutes after a commit (weakness W44). 3.0.0
   * drops every application message of another epoch. Both modes accept chat of the previous epoch.
   */
  readonly countsPastEpochVotes: boolean;
  /**
   * Whether members keep packets and resend those that another member lacks. 3.0.0 has no such messages: a
   * packet that it misses is lost (weakness W14).
   */
  readonly repairsGaps: boolean;
  /**
   * Whether only signed votes remove a member: the target of a ban or a score removal has no vote, silence counts as no,
   * and a proposal by which silence counts as yes is rejected (`removal-by-silence`). In 3.0.0 silence removes the target
   * where it counts as yes, so that one member that is awake removes the others (weakness W48).
   */
  readonly removalsNeedVotes: boolean;
  /**
   * Whether other members propose a buffered change that the epoch steward does not propose in time, and vote yes on two
   * adds with one key package. In 3.0.0 only the epoch steward proposes it, and members reject a commit of one key
   * package that is approved twice (weakness W49).
   */
  readonly replacesAbsentSteward: boolean;
  /**
   * Whether the members of an epoch agree on its commit before they merge it: each signs one choice. In 3.0.0 a member
   * merges the best candidate that it has received, and members that received others part (weakness W50). It compares
   * identities only, so in `de-mls-3` a commit that adds an approved member by another key package is merged and reported by
   * an `error` event (`key-package-swapped`); otherwise it is not chosen.
   */
  readonly closesByChoice: boolean;
  /**
   * Whether a default vote that asks no person is cast after `deliberationMs`: at once by default. In 3.0.0 each default vote
   * waits as long as one by hand.
   */
  readonly deliberatesApart: boolean;
  /**
   * Whether a commit carries a record of its epoch, which all members adopt. In 3.0.0 stewards and scores differ for good
   * among members that received different votes (weakness W53).
   */
  readonly recordsEpochs: boolean;
  /**
   * Whether a member that was left behind replaces its own leaf without a vote. In 3.0.0 such a member is lost until it
   * is removed and joins again, which takes two votes (weakness W12).
   */
  readonly allowsRejoin: boolean;
  /**
   * Whether any member may commit without a change, to renew the keys of its leaf. In 3.0.0 such a commit is invalid, and
   * only stewards get new keys, by commits that remove a member (weakness W20).
   */
  readonly renewsKeys: boolean;
  /**
   * Whether every leaf has to prove by a signature of its identity's key that its owner holds the identity. In 3.0.0 an
   * identity is a claim of the leaf's own key, and anyone can make a key package in another's name (weakness W52).
   */
  readonly provesIdentities: boolean;
  /**
   * Whether the group id is random, and welcomes name it. In 3.0.0 the name is the group id, so that groups of one name
   * take each other's packets for their own (weakness W51).
   */
  readonly namesGroups: boolean;
  /**
   * Whether the name that a member claims is that in its leaf, so that it is known before its first message, and before the
   * vote on its key package. Leaves of 3.0.0 have none, so in `de-mls-3` it is that of the last message (weakness W17).
   */
  readonly namesLeaves: boolean;
  /**
   * Whether a joiner that the members have voted down is not voted on again when it announces itself again. In 3.0.0 each
   * announcement opens a vote (weakness W54).
   */
  readonly remembersRefusals: boolean;
  /**
   * Whether the members are asked about an uninvited joiner before any vote on it. In 3.0.0 each key package opens a
   * vote, which silence decides.
   */
  readonly asksForAdmission: boolean;
  /**
   * Whether the default vote on a member that was removed by a vote is no when it asks to be let in again. In 3.0.0 it is
   * yes, and each announcement opens a vote (weakness W55).
   */
  readonly remembersBans: boolean;
  /**
   * Whether steward lists are seeded by the epoch authenticator. In 3.0.0 they follow from public values, so that a member can
   * create an identity that comes first in a later election (weakness W57).
   */
  readonly seedsStewards: boolean;
  /** Time after a commit in which only the welcome is sent: 3.0.0 buffers no later epoch (weaknesses W6, W13). */
  quietAfterCommitMs(config: ConversationConfig): number;
}

const deMls3: CompatibilityPolicy = {
  mode: "de-mls-3",
  requiredExtensions: [],
  consensusDeadlineMs: ({ consensusTimeoutMs }, isOwner) => consensusTimeoutMs * (isOwner ? 1 : 1.5),
  proposalRules: { tally: "two-thirds", keepsActive: false },
  reconcilesOnCommit: true,
  rejectsMalleableSignatures: false,
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
  repairsGaps: false,
  removalsNeedVotes: false,
  replacesAbsentSteward: false,
  closesByChoice: false,
  deliberatesApart: false,
  recordsEpochs: false,
  allowsRejoin: false,
  renewsKeys: false,
  provesIdentities: false,
  namesGroups: false,
  namesLeaves: false,
  remembersRefusals: false,
  asksForAdmission: false,
  remembersBans: false,
  seedsStewards: false,
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
  repairsGaps: true,
  removalsNeedVotes: true,
  replacesAbsentSteward: true,
  closesByChoice: true,
  deliberatesApart: true,
  recordsEpochs: true,
  allowsRejoin: true,
  renewsKeys: true,
  provesIdentities: true,
  namesGroups: true,
  namesLeaves: true,
  remembersRefusals: true,
  asksForAdmission: true,
  remembersBans: true,
  seedsStewards: true,
  quietAfterCommitMs: () => 0,
};

/** The mode of a group, as its creator fixed it. */
export function modeOf({ requiredExtensions }: Pick<MlsGroup, "requiredExtensions">): CompatibilityMode {
  return requiredExtensions.includes(STRICT_MARKER) ? "strict" : "de-mls-3";
}

/** Whether a member of a group may run de-mls 3.0.0, because its leaf does not list this project's marker. */
export function mayHaveReferenceMembers({
  supportedExtensions,
}: Pick<MlsGroup, "supportedExtensions">): boolean {
  return !supportedExtensions.includes(STRICT_MARKER);
}

/** The policy of a mode. */
export function compatibilityPolicy(mode: CompatibilityMode): CompatibilityPolicy {
  return mode === "strict" ? strict : deMls3;
}
