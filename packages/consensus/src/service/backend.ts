import type { ConsensusStorage } from "./consensus-storage.js";
import type { ConsensusEventBus } from "./event-bus.js";
import type { ConsensusSigner, VoteVerifier } from "../signing.js";

/**
 * What a {@link ConsensusService} stands on: what `ConsensusPlugin` bundles in de-mls 3.0.0
 * (`src/core/consensus_plugin.rs`). The algorithm itself is `ConsensusPlugin` here.
 *
 * A conversation of `@demls/session` needs no storage and no bus of this kind: the sessions are part of its value,
 * which it writes in its own batch, and decisions are among its events.
 */
export interface ConsensusBackend {
  /** Signs this member's votes. */
  readonly signer: ConsensusSigner;
  /** Checks the votes of others: of the same scheme as the signer. */
  readonly verifier: VoteVerifier;
  /** Keeps the sessions. Services that share a storage share the sessions of a scope. */
  readonly storage: ConsensusStorage;
  /** Tells of decisions. Services may share one. */
  readonly eventBus: ConsensusEventBus;
  /**
   * Names the partition of the storage that holds a conversation's sessions. Distinct conversations must have
   * distinct scopes.
   *
   * @defaultValue The conversation's id itself.
   */
  readonly scope?: (conversationId: string) => string;
}
