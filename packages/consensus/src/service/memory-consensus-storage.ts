import { proposalIdOf, type ConsensusSession } from "./consensus-session.js";
import type { ConsensusStorage } from "./consensus-storage.js";
import type { ScopeConfig } from "./scope-config.js";

/** Default storage, in memory. Several services may share one. */
export function createMemoryConsensusStorage(): ConsensusStorage {
  const sessionsByScope = new Map<string, readonly ConsensusSession[]>();
  const configs = new Map<string, ScopeConfig>();
  const sessionsOf = (scope: string): readonly ConsensusSession[] => sessionsByScope.get(scope) ?? [];

  return {
    session: async (scope, proposalId) =>
      sessionsOf(scope).find((session) => proposalIdOf(session) === proposalId),
    sessions: async (scope) => sessionsOf(scope),
    async update(scope, change) {
      const { sessions, result } = change(sessionsOf(scope));
      if (sessions.length === 0) sessionsByScope.delete(scope);
      else sessionsByScope.set(scope, [...sessions]);
      return result;
    },
    config: async (scope) => configs.get(scope),
    async updateConfig(scope, change) {
      const config = change(configs.get(scope));
      configs.set(scope, config);
      return config;
    },
    async deleteScope(scope) {
      sessionsByScope.delete(scope);
      configs.delete(scope);
    },
  };
}
