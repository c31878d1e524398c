import { GOSSIPSUB_SCOPE, P2P_SCOPE, type ScopeConfig } from "@demls/consensus/service";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import {
  idsOf,
  keep,
  sampleSession,
  SCOPES,
  type CreateConsensusStorage,
} from "./consensus-storage-under-test.js";

/** Cases about configuring and deleting scopes. */
export function configCases(create: CreateConsensusStorage): ContractCase[] {
  return [
    {
      name: "keeps a configuration for each scope, with sessions or without",
      async run() {
        const storage = await create();
        expectEqual(await storage.config("garden"), undefined, "The configuration of a new scope");
        for (const [i, scope] of SCOPES.entries()) await storage.updateConfig(scope, () => numbered(i));
        for (const [i, scope] of SCOPES.entries()) {
          expectEqual(
            await storage.config(scope),
            numbered(i),
            `The configuration of ${JSON.stringify(scope)}`,
          );
        }
        await keep(storage, "a", sampleSession(1));
        await storage.update("a", () => ({ sessions: [], result: undefined }));
        expectEqual(await storage.config("a"), numbered(1), "The configuration of a scope without sessions");
      },
    },
    {
      name: "passes the old configuration to a change, and returns the new one",
      async run() {
        const storage = await create();
        const seen: (ScopeConfig | undefined)[] = [];
        for (const next of [P2P_SCOPE, GOSSIPSUB_SCOPE]) {
          const result = await storage.updateConfig("garden", (config) => {
            seen.push(config);
            return next;
          });
          expectEqual(result, next, "The returned configuration");
        }
        expectEqual(seen, [undefined, P2P_SCOPE], "The configurations passed to the changes");
      },
    },
    {
      name: "keeps a configuration when its change throws",
      async run() {
        const storage = await create();
        await storage.updateConfig("garden", () => P2P_SCOPE);
        const error = new Error("not so");
        const refused = await storage
          .updateConfig("garden", () => {
            throw error;
          })
          .catch((reason: unknown) => reason);
        if (refused !== error) throw broken("The error of the change does not reach the caller.");
        expectEqual(await storage.config("garden"), P2P_SCOPE, "The configuration");
      },
    },
    {
      name: "loses none of several concurrent changes of a configuration",
      async run() {
        const storage = await create();
        await storage.updateConfig("garden", () => numbered(0));
        const later = (config?: ScopeConfig): ScopeConfig => numbered(config?.timeoutMs ?? 0);
        await Promise.all(Array.from({ length: 10 }, () => storage.updateConfig("garden", later)));
        expectEqual((await storage.config("garden"))?.timeoutMs, 11, "The number of changes");
      },
    },
    {
      name: "deletes a scope completely, and no other",
      async run() {
        const storage = await create();
        for (const scope of ["garden", "garden/2"]) {
          await keep(storage, scope, sampleSession(1));
          await storage.updateConfig(scope, () => P2P_SCOPE);
        }
        await storage.deleteScope("garden");
        await storage.deleteScope("never");
        expectEqual(await storage.session("garden", 1), undefined, "Its session");
        expectEqual(await storage.config("garden"), undefined, "Its configuration");
        expectEqual(await idsOf(storage, "garden/2"), [1], "The other's sessions");
        expectEqual(await storage.config("garden/2"), P2P_SCOPE, "The other's configuration");
        await keep(storage, "garden", sampleSession(2));
        expectEqual(await idsOf(storage, "garden"), [2], "The sessions added later");
      },
    },
  ];
}

function numbered(timeoutMs: number): ScopeConfig {
  // A timeout of 0 is invalid.
  return { ...P2P_SCOPE, maxRounds: 7, timeoutMs: timeoutMs + 1 };
}
