import type { ConsensusSession } from "./consensus-session.js";
import type { ScopeConfig } from "./scope-config.js";

/** What becomes of a scope's sessions, and what whoever changed them wants to know. */
export interface SessionsChange<R> {
  /** All of them from now on, those that came first in front. */
  readonly sessions: readonly ConsensusSession[];
  readonly result: R;
}

/**
 * Keeps the sessions of a {@link ConsensusService} by scope, and by what proposals of a scope are counted. The
 * counterpart of the trait of the same name in hashgraph-like-consensus 0.4.0, whose further operations are made of
 * these.
 *
 * Scopes are any text. Sessions are plain data, which nobody changes: a storage
 * may keep the very values.
 */
export interface ConsensusStorage {
  /** The session of a proposal; `undefined` where there is none. */
  session(scope: string, proposalId: number): Promise<ConsensusSession | undefined>;
  /** All sessions of a scope, those that came first in front. */
  sessions(scope: string): Promise<readonly ConsensusSession[]>;
  /**
   * Changes a scope's sessions at once: no other change comes between what `change` is given and what it returns, and
   * nobody sees half of it. Where `change` throws, everything stays and its error is the caller's.
   *
   * @param change Called once, synchronously with the storage's own work: it waits for nothing.
   * @returns Its result, once all of it is kept.
   */
  update<R>(scope: string, change: (sessions: readonly ConsensusSession[]) => SessionsChange<R>): Promise<R>;
  /** What the scope was configured with; `undefined` where it was not. */
  config(scope: string): Promise<ScopeConfig | undefined>;
  /** Configures a scope, which need not have sessions. As {@link ConsensusStorage.update}. */
  updateConfig(scope: string, change: (config: ScopeConfig | undefined) => ScopeConfig): Promise<ScopeConfig>;
  /** Forgets a scope, its sessions and its configuration. An unknown one changes nothing. */
  deleteScope(scope: string): Promise<void>;
}
