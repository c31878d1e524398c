import type { ConsensusPlugin, ConsensusSigner, VoteVerifier } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import type { PeerScoringPlugin, ScoreDeltas, ScoringConfig } from "@demls/scoring";
import type { StewardListConfig, StewardListPlugin } from "@demls/steward";
import type { Clock, RandomSource, Transport } from "@demls/wire/core";
import type { CompatibilityMode } from "./compatibility.js";
import type { ConversationConfig } from "./config.js";
import type { Identity } from "./identity.js";

/**
 * The layers a user's conversations run on, each replaceable by itself, and the settings that new
 * conversations start from. The counterpart of `UserPlugins` and `ConversationPluginsFactory` in
 * de-mls 3.0.0: since every layer works on values, one object makes those of all conversations.
 */
export interface UserPlugins {
  /** Makes and moves MLS groups and key packages, for this user's identity. */
  readonly mls: MlsService;
  /** The voting algorithm. */
  readonly consensus: ConsensusPlugin<unknown>;
  /** Signs this user's votes; may be a wallet. Its identity must be the user's. */
  readonly signer: ConsensusSigner;
  /** Checks everyone's votes. */
  readonly verifier: VoteVerifier;
  readonly stewards: StewardListPlugin<unknown>;
  readonly scoring: PeerScoringPlugin<unknown>;
  readonly conversationConfig: ConversationConfig;
  readonly stewardListConfig: StewardListConfig;
  readonly scoringConfig: ScoringConfig;
  readonly scoreDeltas: ScoreDeltas;
}

/** Everything a user is made of. The umbrella package fills it with defaults. */
export interface UserOptions {
  readonly identity: Identity;
  readonly plugins: UserPlugins;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Settings of one conversation, where they differ from the user's. */
export interface ConversationOptions {
  readonly config?: Partial<ConversationConfig>;
  readonly stewards?: Partial<StewardListConfig>;
  readonly scoring?: Partial<ScoringConfig>;
}

export interface CreateConversationOptions extends ConversationOptions {
  /**
   * Who may be in it, for its whole life. Only its creator says so: joiners learn it from the group, and see it
   * in {@link ConversationSnapshot.mode} once they are in.
   *
   * @defaultValue `"de-mls-3"`
   */
  readonly compatibility?: CompatibilityMode;
}

export interface JoinConversationOptions extends ConversationOptions {
  /**
   * Whether a fresh key package is announced to the conversation, for a member to take up. Without
   * it, hand one of {@link User.generateKeyPackage} to a member by other means, after this call: a welcome
   * that comes before it finds nobody.
   *
   * @defaultValue `true`
   */
  readonly announce?: boolean;
}
