import type { ConsensusSigner, VoteVerifier } from "./signing.js";

/**
 * What consensus needs from outside, whatever the algorithm: what `ConsensusPlugin` bundles in de-mls 3.0.0
 * (`src/core/consensus_plugin.rs`). The algorithm itself is {@link ConsensusPlugin} here.
 *
 * Two of the reference's parts are not ports of this interface yet. Its storage corresponds to the state
 * value that {@link ConsensusPlugin} works on, which the conversation keeps and writes in its own batch. Its
 * event bus corresponds to the {@link Decision} that each call returns.
 */
export interface ConsensusBackend {
  /** Signs this member's votes. */
  readonly signer: ConsensusSigner;
  /** Checks the votes of others: of the same scheme as the signer. */
  readonly verifier: VoteVerifier;
  /**
   * Names the partition that holds a conversation's sessions. Distinct conversations must have distinct
   * scopes.
   *
   * @defaultValue The conversation's id itself.
   */
  readonly scope?: (conversationId: string) => string;
}
