import type { ConsensusPlugin, ConsensusSigner, VoteVerifier } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import type { PeerScoringPlugin, ScoreDeltas, ScoringConfig } from "@demls/scoring";
import type { StewardListConfig, StewardListPlugin } from "@demls/steward";
import type { Clock, RandomSource, Storage, Transport } from "@demls/wire/core";
import type { AdmissionPolicy } from "../model/admission-policy.js";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { ConversationConfig } from "../model/config.js";
import type { HistoryOption } from "../model/history-setting.js";

/**
 * Replaceable layers of a user's conversations, and the default settings of new conversations. The counterpart of
 * `UserPlugins` and `ConversationPluginsFactory` in de-mls 3.0.0. A plug-in works on values here, so one object serves
 * all conversations.
 */
export interface UserPlugins {
  /** Creates and updates MLS groups and key packages for the signer's identity. */
  readonly mls: MlsService;
  /** Consensus algorithm. */
  readonly consensus: ConsensusPlugin<unknown>;
  /**
   * Signs this user's votes and once its identity statement, for example a wallet. Its identity is the user's identity in
   * every conversation.
   */
  readonly signer: ConsensusSigner;
  /** Verifies the votes and identity proofs of all members. */
  readonly verifier: VoteVerifier;
  /** Selects the stewards and their order. */
  readonly stewards: StewardListPlugin<unknown>;
  /** Computes the peer scores. */
  readonly scoring: PeerScoringPlugin<unknown>;
  /** Decides whether joiners of strict conversations are admitted, asked about or refused, for this user alone. */
  readonly admission: AdmissionPolicy;
  /** Default timers and voting settings of a conversation. */
  readonly conversationConfig: ConversationConfig;
  /** Default bounds of the steward list size. */
  readonly stewardListConfig: StewardListConfig;
  /** Initial score and removal threshold. */
  readonly scoringConfig: ScoringConfig;
  /** Score change for each kind of event. */
  readonly scoreDeltas: ScoreDeltas;
}

/** Parts of a user. The `demls` package provides defaults. */
export interface UserOptions {
  /** Layers. The signer's identity is the user's identity. */
  readonly plugins: UserPlugins;
  /**
   * Name that this user claims, at most 64 bytes of UTF-8 without control characters. It is not verified. Members of strict
   * conversations have it from the leaf, which keeps it as long as this user is a member; everyone on the network can
   * read it in a key package.
   */
  readonly display: string;
  /** Carries packets. The caller closes it. */
  readonly transport: Transport;
  /** Monotonic time for timers, and wall-clock time for messages. */
  readonly clock: Clock;
  /** Random source of ids and names; the layers have their own. */
  readonly random: RandomSource;
  /**
   * Storage of the user's state. A user created again with the same storage continues from the stored state. The caller
   * closes it. Its records contain secrets in plain text.
   *
   * @defaultValue no storage: the state is lost when the process ends
   */
  readonly storage?: Storage;
  /**
   * Which chat is kept in the storage, of this user and of others: `"none"`, `"all"`, that of the last `days`, or the
   * last `count` messages; for all conversations, or by a function of the name, which is called again whenever a
   * conversation begins or is restored. Messages of an earlier setting that this one does not keep are deleted when the
   * user is created. Kept messages are plain text that outlives its keys.
   *
   * @defaultValue `"none"`
   */
  readonly history?: HistoryOption;
}

/** Settings of one conversation that override the user's. */
export interface ConversationOptions {
  /** Timers and voting settings. */
  readonly config?: Partial<ConversationConfig>;
  /**
   * Bounds of the steward list size. A strict conversation sets `allowSubsetCandidates` by default; the `de-mls-3` mode
   * does not support it.
   */
  readonly stewards?: Partial<StewardListConfig>;
  /** Initial score and removal threshold. */
  readonly scoring?: Partial<ScoringConfig>;
}

/** Options of `User.createConversation`. */
export interface CreateConversationOptions extends ConversationOptions {
  /**
   * Compatibility mode of the conversation; it never changes. `"strict"` admits only members that use this
   * implementation. `"de-mls-3"` also admits members that use the Rust crate de-mls 3.0.0. Joiners learn the mode from
   * the group: see {@link ConversationSnapshot.mode}.
   *
   * @defaultValue `"strict"`
   */
  readonly compatibility?: CompatibilityMode;
}
