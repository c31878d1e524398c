import { sessionConfig } from "./consensus-session.js";
import type { ConsensusStorage } from "./consensus-storage.js";
import { reachedDecision, tallyOf } from "../hashgraph-session.js";
import { GOSSIPSUB_SCOPE } from "./scope-config.js";
import type { ConsensusService } from "./service.js";
import { statisticsOf } from "./statistics.js";

/** Operations of a service that only read its storage. */
export type ServiceQueries = Pick<
  ConsensusService,
  "config" | "tally" | "proposalConfig" | "activeProposals" | "reachedProposals" | "statistics"
>;

/** @param scopeOf As {@link ConsensusBackend.scope}. */
export function queriesOf(
  storage: ConsensusStorage,
  scopeOf: (conversationId: string) => string,
): ServiceQueries {
  return {
    config: async (id) => (await storage.config(scopeOf(id))) ?? GOSSIPSUB_SCOPE,
    async tally(id, proposalId) {
      const session = await storage.session(scopeOf(id), proposalId);
      return session && tallyOf(session.hashgraph);
    },
    async proposalConfig(id, proposalId) {
      const session = await storage.session(scopeOf(id), proposalId);
      return session && sessionConfig(session);
    },
    async activeProposals(id) {
      const sessions = await storage.sessions(scopeOf(id));
      return sessions.flatMap(({ hashgraph: { state, proposal } }) => (state === "active" ? [proposal] : []));
    },
    async reachedProposals(id) {
      const sessions = await storage.sessions(scopeOf(id));
      const decisions = sessions.flatMap(({ hashgraph }) => reachedDecision(hashgraph) ?? []);
      return new Map(decisions.map(({ proposalId, result }) => [proposalId, result]));
    },
    statistics: async (id) => statisticsOf(await storage.sessions(scopeOf(id))),
  };
}
