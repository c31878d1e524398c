import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createMemoryConsensusStorage,
  createStoredConsensusStorage,
  type ConsensusStorage,
} from "../../src/service/index.js";
import { inventedVote } from "../fixtures.js";
import { createTinyStorage, createWorld, proposalRequest, trustingService } from "./service-fixtures.js";

const GARDEN = "garden";

const storages: readonly (readonly [string, () => ConsensusStorage])[] = [
  ["in memory", createMemoryConsensusStorage],
  ["over a storage of records", () => createStoredConsensusStorage(createTinyStorage())],
];

/** A proposal arrives, or a known one gets a vote or reaches its deadline. */
const action = fc.oneof(
  fc.constant({ kind: "create" } as const),
  fc.record({
    kind: fc.constant("vote" as const),
    which: fc.nat(20),
    voter: fc.nat(3),
    choice: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("timeout" as const), which: fc.nat(20) }),
);

describe.each(storages)("any history of a service with its sessions %s", (_where, createStorage) => {
  it("keeps the newest proposals in order, and counts each once", async () => {
    const actions = fc.array(action, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(actions, fc.integer({ min: 1, max: 5 }), async (happened, maxSessionsPerScope) => {
        const storage = createStorage();
        const service = trustingService(createWorld(), { storage, maxSessionsPerScope });
        const created: number[] = [];
        for (const each of happened) {
          if (each.kind === "create") {
            const request = proposalRequest({ expectedVoters: 4, livenessCriteriaYes: false });
            created.push((await service.createProposal(GARDEN, request)).proposalId);
          } else {
            const proposalId = created[each.which % Math.max(1, created.length)] ?? 0;
            if (each.kind === "timeout") await service.handleTimeout(GARDEN, proposalId);
            else await service.processIncomingVote(GARDEN, inventedVote(each.voter, each.choice, proposalId));
          }
        }
        const sessions = await storage.sessions(GARDEN);
        const remembered = created.slice(-maxSessionsPerScope);
        expect(sessions.map(({ hashgraph }) => hashgraph.proposal.proposalId)).toEqual(remembered);
        const { total, active, reached, failed } = await service.statistics(GARDEN);
        expect([total, active + reached + failed]).toEqual([remembered.length, remembered.length]);
        expect(active).toBe((await service.activeProposals(GARDEN)).length);
        expect(reached).toBe((await service.reachedProposals(GARDEN)).size);
        const states = await Promise.all(remembered.map((id) => service.tally(GARDEN, id)));
        expect(failed).toBe(states.filter((tally) => tally?.state === "failed").length);
      }),
    );
  });
});

describe("an evicted proposal", () => {
  it("is removed without an event, decided or not, and its votes find no session", async () => {
    const service = trustingService(createWorld(), { maxSessionsPerScope: 1 });
    const first = await service.createProposal(GARDEN, proposalRequest());
    await service.createProposal(GARDEN, proposalRequest());
    expect(await service.tally(GARDEN, first.proposalId)).toBeUndefined();
    const vote = inventedVote(1, true, first.proposalId);
    expect(await service.processIncomingVote(GARDEN, vote)).toMatchObject({ code: "session-not-found" });
  });

  it("belongs to the same conversation", async () => {
    const service = trustingService(createWorld(), { maxSessionsPerScope: 1 });
    const kept = await service.createProposal("meadow", proposalRequest());
    for (let i = 0; i < 3; i++) await service.createProposal(GARDEN, proposalRequest());
    expect(await service.tally("meadow", kept.proposalId)).toBeDefined();
  });

  it("is the oldest by arrival, even if the clock stepped back", async () => {
    const world = createWorld();
    const service = trustingService(world, { maxSessionsPerScope: 2 });
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) {
      ids.push((await service.createProposal(GARDEN, proposalRequest())).proposalId);
      world.pass(-60);
    }
    const active = await service.activeProposals(GARDEN);
    expect(active.map(({ proposalId }) => proposalId)).toEqual(ids.slice(1));
  });

  it("is evicted by the eleventh by default", async () => {
    const service = trustingService(createWorld());
    for (let i = 0; i < 11; i++) await service.createProposal(GARDEN, proposalRequest());
    expect(await service.statistics(GARDEN)).toMatchObject({ total: 10 });
  });
});
