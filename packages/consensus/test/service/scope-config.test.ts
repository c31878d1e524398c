import { describe, expect, it } from "vitest";
import { consensusConfig, defaultConsensusConfig, p2pConsensusConfig } from "../../src/index.js";
import {
  FAST_CONSENSUS,
  GOSSIPSUB_SCOPE,
  networkDefaults,
  P2P_SCOPE,
  scopeConfig,
  STRICT_CONSENSUS,
} from "../../src/service/index.js";
import { NOW } from "../fixtures.js";
import { createWorld, memberService, proposalRequest, trustingService } from "./service-fixtures.js";

const GARDEN = "garden";

describe("the configuration of a scope", () => {
  it("is gossipsub's by default", async () => {
    const found = await memberService(createWorld(), 0).config(GARDEN);
    expect(found).toEqual({
      networkType: "gossipsub",
      threshold: 2 / 3,
      timeoutMs: 60_000,
      livenessCriteriaYes: true,
      maxRounds: "by-network",
    });
  });

  it.each([
    ["a preset", P2P_SCOPE, { ...GOSSIPSUB_SCOPE, networkType: "p2p" }],
    ["strict consensus", STRICT_CONSENSUS, { ...GOSSIPSUB_SCOPE, threshold: 0.9 }],
    ["fast consensus", FAST_CONSENSUS, { ...GOSSIPSUB_SCOPE, threshold: 0.6, timeoutMs: 30_000 }],
    ["settings of one's own", { timeoutMs: 1 }, { ...GOSSIPSUB_SCOPE, timeoutMs: 1 }],
    [
      "several settings, later ones overriding earlier ones",
      { ...P2P_SCOPE, ...STRICT_CONSENSUS, timeoutMs: 120_000 },
      { ...GOSSIPSUB_SCOPE, networkType: "p2p", threshold: 0.9, timeoutMs: 120_000 },
    ],
    ["an undefined value", { threshold: undefined }, GOSSIPSUB_SCOPE],
  ])("is changed by %s", (_what, changes, expected) => {
    expect(scopeConfig(changes as Partial<typeof GOSSIPSUB_SCOPE>)).toEqual(expected);
  });

  it("keeps unchanged settings, call by call", async () => {
    const service = memberService(createWorld(), 0);
    await service.configure(GARDEN, { ...P2P_SCOPE, livenessCriteriaYes: false, maxRounds: 7 });
    const changed = await service.configure(GARDEN, { threshold: 0.8 });
    expect(changed).toEqual({ ...P2P_SCOPE, livenessCriteriaYes: false, maxRounds: 7, threshold: 0.8 });
    expect(await service.config(GARDEN)).toEqual(changed);
    expect(await service.config("meadow")).toEqual(GOSSIPSUB_SCOPE);
  });

  it("keeps liveness and rounds with network defaults, unlike with a preset", () => {
    const own = scopeConfig({ livenessCriteriaYes: false, maxRounds: 5, threshold: 1, timeoutMs: 1 });
    const { threshold, timeoutMs } = p2pConsensusConfig;
    const expected = { ...own, networkType: "p2p", threshold, timeoutMs };
    expect(scopeConfig(networkDefaults("p2p"), own)).toEqual(expected);
    expect(scopeConfig(P2P_SCOPE, own)).toEqual(P2P_SCOPE);
  });

  it.each([
    ["invalid-consensus-threshold", { threshold: 1.5 }],
    ["invalid-consensus-threshold", { threshold: -0.1 }],
    ["invalid-timeout", { timeoutMs: 0 }],
    ["invalid-max-rounds", { networkType: "gossipsub", maxRounds: 0 }],
    ["invalid-network-type", { networkType: "carrier-pigeon" }],
    ["invalid-scope-config", { treshold: 0.5 }],
  ])("is rejected with %s, without a change", async (code, changes) => {
    const service = memberService(createWorld(), 0);
    await service.configure(GARDEN, { threshold: 0.75 });
    const refused = service.configure(GARDEN, changes as Partial<typeof GOSSIPSUB_SCOPE>);
    await expect(refused).rejects.toMatchObject({ code });
    expect((await service.config(GARDEN)).threshold).toBe(0.75);
  });

  it("may derive the rounds from the electorate only in p2p networks", () => {
    expect(scopeConfig({ networkType: "p2p", maxRounds: 0 }).maxRounds).toBe(0);
    const back = () =>
      scopeConfig({ networkType: "gossipsub" }, scopeConfig({ networkType: "p2p", maxRounds: 0 }));
    expect(back).toThrow(expect.objectContaining({ code: "invalid-max-rounds" }));
  });
});

describe("the configuration of a proposal", () => {
  it.each([
    ["gossipsub", 2],
    ["p2p", 0],
  ] as const)("has the rounds of %s with `by-network`", async (networkType, maxRounds) => {
    const service = memberService(createWorld(), 0);
    await service.configure(GARDEN, { networkType });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    expect(await service.proposalConfig(GARDEN, proposalId)).toMatchObject({ networkType, maxRounds });
  });

  it("is the scope's, except for its own lifetime and liveness", async () => {
    const service = memberService(createWorld(), 0);
    await service.configure(GARDEN, { threshold: 0.75, timeoutMs: 1_000, livenessCriteriaYes: false });
    const said = proposalRequest({ livenessCriteriaYes: true });
    const { proposalId } = await service.createProposal(GARDEN, said);
    const expected = { threshold: 0.75, timeoutMs: 600_000, livenessCriteriaYes: true };
    expect(await service.proposalConfig(GARDEN, proposalId)).toMatchObject(expected);
    const silent = await service.createProposal(GARDEN, proposalRequest());
    expect(silent.livenessCriteriaYes).toBe(false);
  });

  it("is its own configuration with its timeout, if passed", async () => {
    const service = memberService(createWorld(), 0);
    await service.configure(GARDEN, { threshold: 0.75 });
    const own = consensusConfig({ networkType: "p2p", timeoutMs: 120_000 });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest(), own);
    const { maxSessions: _, ...expected } = own;
    expect(await service.proposalConfig(GARDEN, proposalId)).toEqual(expected);
  });

  it("does not change when the scope is reconfigured", async () => {
    const service = memberService(createWorld(), 0);
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    await service.configure(GARDEN, STRICT_CONSENSUS);
    expect((await service.proposalConfig(GARDEN, proposalId))?.threshold).toBe(
      defaultConsensusConfig.threshold,
    );
  });

  it("is the scope's for another member's proposal, with the scope's timeout by default", async () => {
    const world = createWorld();
    const created = await memberService(world, 1).createProposal(GARDEN, proposalRequest());
    const service = trustingService(world);
    await service.configure(GARDEN, { ...P2P_SCOPE, timeoutMs: 5_000, livenessCriteriaYes: false });
    const instant = { ...created, timestamp: NOW + 120n, expirationTimestamp: NOW + 120n };
    await service.processIncomingProposal(GARDEN, instant);
    const expected = { networkType: "p2p", timeoutMs: 5_000, livenessCriteriaYes: true };
    expect(await service.proposalConfig(GARDEN, created.proposalId)).toMatchObject(expected);
  });
});
