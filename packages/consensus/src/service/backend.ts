import type { ConsensusStorage } from "./consensus-storage.js";
import type { ConsensusEventBus } from "./event-bus.js";
import type { ConsensusSigner, VoteVerifier } from "../signing.js";

/**
 * Dependencies of a {@link ConsensusService}. In de-mls 3.0.0 they are called `ConsensusPlugin`
 * (`src/core/consensus_plugin.rs`). Here `ConsensusPlugin` is the algorithm itself.
 *
 * A conversation of `@demls/session` needs neither storage nor bus of this kind: its value holds the sessions, and its
 * events report decisions.
 */
export interface ConsensusBackend {
  /** Signs this member's votes. */
  readonly signer: ConsensusSigner;
  /** Verifies other members' votes, by the signer's scheme. */
  readonly verifier: VoteVerifier;
  /** Stores the sessions. Services that share a storage share the sessions of a scope. */
  readonly storage: ConsensusStorage;
  /** Publishes decisions. Services may share one. */
  readonly eventBus: ConsensusEventBus;
  /**
   * Maps a conversation to its scope, the partition of the storage that holds its sessions. Distinct conversations must
   * have distinct scopes.
   *
   * @defaultValue The conversation's id itself.
   */
  readonly scope?: (conversationId: string) => string;
}
