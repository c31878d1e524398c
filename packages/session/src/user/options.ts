import type { ConsensusPlugin, ConsensusSigner, VoteVerifier } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import type { PeerScoringPlugin, ScoreDeltas, ScoringConfig } from "@demls/scoring";
import type { StewardListConfig, StewardListPlugin } from "@demls/steward";
import type { Clock, RandomSource, Storage, Transport } from "@demls/wire/core";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { ConversationConfig } from "../model/config.js";

/**
 * The layers a user's conversations run on, each replaceable by itself, and the settings that new
 * conversations start from. The counterpart of `UserPlugins` and `ConversationPluginsFactory` in
 * de-mls 3.0.0: since every layer works on values, one object makes those of all conversations.
 */
export interface UserPlugins {
  /** Makes and moves MLS groups and key packages, for the identity of the signer. */
  readonly mls: MlsService;
  /** The voting algorithm. */
  readonly consensus: ConsensusPlugin<unknown>;
  /** Signs this user's votes; may be a wallet. Its identity names the user in every conversation. */
  readonly signer: ConsensusSigner;
  /** Checks everyone's votes. */
  readonly verifier: VoteVerifier;
  /** Who may commit, and in what order. */
  readonly stewards: StewardListPlugin<unknown>;
  /** What members' conduct earns and costs them. */
  readonly scoring: PeerScoringPlugin<unknown>;
  /** Timers and votes of a new conversation. */
  readonly conversationConfig: ConversationConfig;
  /** How many stewards a new conversation has. */
  readonly stewardListConfig: StewardListConfig;
  /** The score that members begin with, and the one at which they are removed. */
  readonly scoringConfig: ScoringConfig;
  /** What each event adds to a score. */
  readonly scoreDeltas: ScoreDeltas;
}

/** Everything a user is made of. The umbrella package fills it with defaults. */
export interface UserOptions {
  /** The layers; the identity of the signer among them is the user's. */
  readonly plugins: UserPlugins;
  /** A name for people to read; nobody checks it. */
  readonly display: string;
  /** Carries packets; stays the caller's. */
  readonly transport: Transport;
  /** Monotonic time for timers, and the time of day for what travels. */
  readonly clock: Clock;
  /** For ids and names; the layers have their own. */
  readonly random: RandomSource;
  /**
   * Keeps everything over the end of the process: a user created with what another one has stored goes on where
   * that one was stopped. Stays the caller's. Its records hold secrets in the clear.
   *
   * @defaultValue nothing is kept
   */
  readonly storage?: Storage;
}

/** Settings of one conversation, where they differ from the user's. */
export interface ConversationOptions {
  /** Timers and votes. */
  readonly config?: Partial<ConversationConfig>;
  /**
   * How many stewards there are. A strict conversation is created with `allowSubsetCandidates`, unless this says
   * otherwise; one that members of 3.0.0 may join can't have it.
   */
  readonly stewards?: Partial<StewardListConfig>;
  /** The first score, and the one at which a member is removed. */
  readonly scoring?: Partial<ScoringConfig>;
}

/** How a conversation is created. */
export interface CreateConversationOptions extends ConversationOptions {
  /**
   * The compatibility mode, for the conversation's whole life. `"strict"` admits members of this project alone;
   * `"de-mls-3"` admits members that run the Rust crate de-mls 3.0.0 as well. Only the creator chooses it: joiners
   * learn it from the group, and see it in {@link ConversationSnapshot.mode} once they are members.
   *
   * @defaultValue `"strict"`
   */
  readonly compatibility?: CompatibilityMode;
}

/** How a conversation is joined. */
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
