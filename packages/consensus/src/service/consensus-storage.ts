import type { ConsensusSession } from "./consensus-session.js";
import type { ScopeConfig } from "./scope-config.js";

/** Result of a change to a scope's sessions. */
export interface SessionsChange<R> {
  /** All sessions after the change, oldest first. */
  readonly sessions: readonly ConsensusSession[];
  readonly result: R;
}

/**
 * Storage for the sessions and the configuration of a {@link ConsensusService}, by scope. The counterpart of the trait
 * of the same name in hashgraph-like-consensus 0.4.0; the trait's other operations can be built from these.
 *
 * A scope is any text. Sessions are plain data that is never mutated, so a storage may keep the values themselves.
 */
export interface ConsensusStorage {
  /** Session of a proposal; `undefined` if there is none. */
  session(scope: string, proposalId: number): Promise<ConsensusSession | undefined>;
  /** All sessions of a scope, oldest first. */
  sessions(scope: string): Promise<readonly ConsensusSession[]>;
  /**
   * Changes a scope's sessions atomically. No other change of the scope runs meanwhile, and no reader sees part of the
   * change. If `change` throws, the sessions stay unchanged and the error is passed to the caller.
   *
   * @param change Called once, synchronously: it cannot await anything.
   * @returns Its result, once everything is stored.
   */
  update<R>(scope: string, change: (sessions: readonly ConsensusSession[]) => SessionsChange<R>): Promise<R>;
  /** Configuration of a scope; `undefined` if it has none. */
  config(scope: string): Promise<ScopeConfig | undefined>;
  /** Configures a scope, with or without sessions. Atomic, as {@link ConsensusStorage.update}. */
  updateConfig(scope: string, change: (config: ScopeConfig | undefined) => ScopeConfig): Promise<ScopeConfig>;
  /** Deletes a scope with its sessions and its configuration. An unknown scope changes nothing. */
  deleteScope(scope: string): Promise<void>;
}
