import type { CompatibilityMode, ConversationConfig, ScoringConfig, StewardListConfig } from "demls";
import { booleanField, choiceField, int64Field, invalidField, isMissing, numberField } from "./fields.js";
import type { Fields } from "./fields.js";

/** Settings of a `config` field; the user's settings apply to the others. */
export interface ConversationSettings {
  readonly config: Partial<ConversationConfig>;
  readonly stewards: Partial<StewardListConfig>;
  readonly scoring: Partial<ScoringConfig>;
  readonly compatibility: CompatibilityMode | undefined;
}

/** Protocol name and parser of each setting. */
type Readers<Settings> = {
  readonly [Setting in keyof Settings]: readonly [
    name: string,
    read: (fields: Fields, name: string) => Settings[Setting],
  ];
};

const CONVERSATION: Readers<ConversationConfig> = {
  commitInactivityMs: ["commit_inactivity_ms", numberField],
  batchMs: ["batch_ms", numberField],
  standInMs: ["stand_in_ms", numberField],
  freezeMs: ["freeze_ms", numberField],
  recoveryInactivityMs: ["recovery_inactivity_ms", numberField],
  proposalExpirationMs: ["proposal_expiration_ms", numberField],
  consensusTimeoutMs: ["consensus_timeout_ms", numberField],
  votingDelayMs: ["voting_delay_ms", numberField],
  deliberationMs: ["deliberation_ms", numberField],
  electionVotingDelayMs: ["election_voting_delay_ms", numberField],
  quietAfterCommitMs: ["quiet_after_commit_ms", numberField],
  keyRenewalMs: ["key_renewal_ms", numberField],
  archive: ["archive", booleanField],
  banMemoryMs: ["ban_memory_ms", numberField],
  probationMs: ["probation_ms", numberField],
  guestShare: ["guest_share", numberField],
  pendingUpdateMaxEpochs: ["pending_update_max_epochs", numberField],
  maxReelectionAttempts: ["max_reelection_attempts", numberField],
  livenessCriteriaYes: ["liveness_criteria_yes", booleanField],
};
const STEWARDS: Readers<StewardListConfig> = {
  snMin: ["sn_min", numberField],
  snMax: ["sn_max", numberField],
  allowSubsetCandidates: ["allow_subset_candidates", booleanField],
};
const SCORING: Readers<ScoringConfig> = {
  defaultScore: ["default_score", int64Field],
  threshold: ["threshold", int64Field],
};

const NAMES = new Set([
  ...[CONVERSATION, STEWARDS, SCORING].flatMap((readers) =>
    Object.values<readonly [name: string, read: unknown]>(readers).map(([name]) => name),
  ),
  "compatibility",
]);

/**
 * Parses the `config` field of a command. The session validates the ranges of the values.
 *
 * @throws DemlsError `invalid-field` for a non-object, an unknown setting or a value of the wrong type.
 */
export function settingsField(fields: Fields): ConversationSettings {
  const given = isMissing(fields, "config") ? {} : fields["config"];
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw invalidField("config", "an object");
  }
  const settings = given as Fields;
  if (Object.keys(settings).some((name) => !NAMES.has(name))) {
    throw invalidField("config", "only the settings of the protocol");
  }
  return {
    config: section(settings, CONVERSATION),
    stewards: section(settings, STEWARDS),
    scoring: section(settings, SCORING),
    compatibility: choiceField(settings, "compatibility", ["de-mls-3", "strict"]),
  };
}

function section<Settings extends object>(given: Fields, readers: Readers<Settings>): Partial<Settings> {
  const settings = Object.entries<Readers<Settings>[keyof Settings]>(readers).flatMap(
    ([setting, [name, read]]) => (isMissing(given, name) ? [] : [[setting, read(given, name)] as const]),
  );
  return Object.fromEntries(settings) as Partial<Settings>;
}
