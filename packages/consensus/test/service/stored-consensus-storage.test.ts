import type { Storage, StorageOperation } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import { createStoredConsensusStorage, GOSSIPSUB_SCOPE, withoutSession } from "../../src/service/index.js";
import { inventedVote } from "../fixtures.js";
import { createTinyStorage, createWorld, proposalRequest, trustingService } from "./service-fixtures.js";

const GARDEN = "garden";

/** Storage that records each written batch. */
function watched(): Storage & { readonly batches: (readonly StorageOperation[])[] } {
  const storage = createTinyStorage();
  const batches: (readonly StorageOperation[])[] = [];
  return {
    batches,
    scan: (namespace, options) => storage.scan(namespace, options),
    write(batch) {
      batches.push(batch);
      return storage.write(batch);
    },
  };
}

const kinds = (batch: readonly StorageOperation[] = []): string[] =>
  batch.map(({ kind, key }) => `${kind} ${key.slice(0, key.indexOf("/"))}`);

describe("sessions in a storage of records", () => {
  it("survive the service with votes and rounds", async () => {
    const world = createWorld();
    const records = createTinyStorage();
    const open = () => trustingService(world, { storage: createStoredConsensusStorage(records) });
    const before = open();
    await before.configure(GARDEN, { networkType: "p2p" });
    const { proposalId } = await before.createProposal(GARDEN, proposalRequest({ expectedVoters: 9 }));
    await before.processIncomingVote(GARDEN, inventedVote(1, true, proposalId));
    const after = open();
    expect(await after.tally(GARDEN, proposalId)).toEqual(await before.tally(GARDEN, proposalId));
    expect(await after.config(GARDEN)).toEqual({ ...GOSSIPSUB_SCOPE, networkType: "p2p" });
    const [stored] = await after.backend.storage.sessions(GARDEN);
    expect([stored]).toEqual(await before.backend.storage.sessions(GARDEN));
    await after.processIncomingVote(GARDEN, inventedVote(2, true, proposalId));
    expect((await after.tally(GARDEN, proposalId))?.proposal.round).toBe(3);
  });

  it("are all kept under concurrent changes by two views of one storage", async () => {
    const world = createWorld();
    const records = createTinyStorage();
    const views = [1, 2].map(() =>
      trustingService(world, { storage: createStoredConsensusStorage(records) }),
    );
    const both = [...views, ...views];
    const made = await Promise.all(both.map((view) => view.createProposal(GARDEN, proposalRequest())));
    const kept = await views[0]?.activeProposals(GARDEN);
    expect(kept?.map(({ proposalId }) => proposalId)).toEqual(made.map(({ proposalId }) => proposalId));
  });

  it("are written individually, without rewriting the scope", async () => {
    const records = watched();
    const storage = createStoredConsensusStorage(records);
    const service = trustingService(createWorld(), { storage, maxSessionsPerScope: 2 });
    const ids: number[] = [];
    for (let i = 0; i < 3; i++)
      ids.push((await service.createProposal(GARDEN, proposalRequest())).proposalId);
    await service.processIncomingVote(GARDEN, inventedVote(1, true, ids[1]));
    expect(records.batches.map(kinds)).toEqual([
      ["put session"],
      ["put session"],
      ["delete session", "put session"],
      ["put session"],
    ]);
  });

  it("leave no records after deletion", async () => {
    const records = createTinyStorage();
    const storage = createStoredConsensusStorage(records, "mine");
    const service = trustingService(createWorld(), { storage });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    await storage.update(GARDEN, (sessions) => ({
      sessions: withoutSession(sessions, proposalId),
      result: undefined,
    }));
    expect(await records.scan("mine")).toEqual([]);
    await service.createProposal(GARDEN, proposalRequest());
    await service.configure(GARDEN, { threshold: 1 });
    await service.deleteScope(GARDEN);
    expect(await records.scan("mine")).toEqual([]);
  });

  const ofWrongTypes =
    '{"proposal":"","createdAtSeconds":"0","state":"maybe","threshold":"x","timeoutMs":-5}';
  it.each(["", "{", "{}", "5", '{"proposal":"00"}', ofWrongTypes])(
    "are reported as corrupt if unreadable, and can be deleted: %s",
    async (text) => {
      const records = createTinyStorage();
      const storage = createStoredConsensusStorage(records, "mine");
      await trustingService(createWorld(), { storage }).createProposal(GARDEN, proposalRequest());
      const [found] = await records.scan("mine", { prefix: "session/" });
      const value = new TextEncoder().encode(text);
      await records.write([{ kind: "put", namespace: "mine", key: found?.key ?? "", value }]);
      await expect(storage.sessions(GARDEN)).rejects.toMatchObject({ code: "corrupt-storage" });
      await storage.deleteScope(GARDEN);
      expect(await storage.sessions(GARDEN)).toEqual([]);
    },
  );
});
