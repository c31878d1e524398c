import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  consensusConfig,
  createHashgraphConsensus,
  defaultConsensusConfig,
  p2pConsensusConfig,
} from "../src/index.js";
import { consensus, inventedVote, opened, outcome, request, NOW, tally, trusting } from "./fixtures.js";

interface Preset {
  readonly threshold: number;
  readonly timeout_ms: number;
  readonly max_rounds: number;
  readonly gossipsub_rounds: boolean;
  readonly liveness: boolean;
}

interface Constants {
  readonly consensus: {
    readonly gossipsub: Preset;
    readonly p2p: Preset;
    readonly max_sessions_per_scope_used_by_de_mls: number;
  };
}

const constants = loadVectors<Constants>("00_constants.json").consensus;

describe.each([
  ["gossipsub", defaultConsensusConfig],
  ["p2p", p2pConsensusConfig],
] as const)("the %s preset", (networkType, preset) => {
  it("has the reference's values", () => {
    expect(preset).toEqual({
      networkType,
      threshold: constants[networkType].threshold,
      timeoutMs: constants[networkType].timeout_ms,
      maxRounds: constants[networkType].max_rounds,
      livenessCriteriaYes: constants[networkType].liveness,
      maxSessions: constants.max_sessions_per_scope_used_by_de_mls,
    });
    expect(preset.networkType === "gossipsub").toBe(constants[networkType].gossipsub_rounds);
  });
});

describe("the default preset", () => {
  it("is used by an algorithm without settings", () => {
    expect(consensus.config).toEqual(defaultConsensusConfig);
    expect(consensus.maxSessions).toBe(10);
  });
});

describe("consensusConfig", () => {
  it("returns the preset without changes", () => {
    expect(consensusConfig({ threshold: 0.9 })).toEqual({ ...defaultConsensusConfig, threshold: 0.9 });
  });

  it.each([
    ["threshold", "invalid-consensus-threshold", [-0.1, 1.1, Number.NaN]],
    ["timeoutMs", "invalid-timeout", [0, -1, Number.POSITIVE_INFINITY, Number.NaN]],
    ["maxRounds", "invalid-max-rounds", [0, 1.5, -1, 2 ** 32]],
    ["maxSessions", "invalid-max-sessions", [0, 1.5, -1]],
    ["networkType", "invalid-network-type", ["", "P2P", undefined]],
  ] as const)("refuses a %s out of its range, naming it", (field, code, values) => {
    for (const value of values) {
      const refusal = expect.objectContaining({ code, field });
      expect(() => consensusConfig({ [field]: value }), String(value)).toThrow(refusal);
    }
  });

  it("starts from the preset of the given network type", () => {
    expect(consensusConfig({ networkType: "p2p", threshold: 0.9 })).toEqual({
      ...p2pConsensusConfig,
      threshold: 0.9,
    });
  });

  it.each([0, 1, 7])("accepts %d rounds for p2p networks", (maxRounds) => {
    expect(consensusConfig({ networkType: "p2p", maxRounds }).maxRounds).toBe(maxRounds);
  });

  it.each([0, 1])("accepts the threshold %d", (threshold) => {
    expect(consensusConfig({ threshold }).threshold).toBe(threshold);
  });
});

describe("a configured algorithm", () => {
  it("uses its liveness for proposals without their own", () => {
    const silentNo = createHashgraphConsensus({ livenessCriteriaYes: false });
    expect(silentNo.open(silentNo.empty(), request(), NOW).proposal.livenessCriteriaYes).toBe(false);
    const said = request({ livenessCriteriaYes: true });
    expect(silentNo.open(silentNo.empty(), said, NOW).proposal.livenessCriteriaYes).toBe(true);
  });

  it("keeps the threshold of open sessions", async () => {
    const unanimous = createHashgraphConsensus({ threshold: 1 });
    const { state } = unanimous.open(unanimous.empty(), request({ expectedVoters: 4 }), NOW);
    let latest = state;
    for (const voter of [0, 1, 2]) {
      latest = (await consensus.ingestVote(latest, inventedVote(voter, true), trusting)).state;
    }
    expect(tally(latest).state).toBe("active");
    expect(outcome(await consensus.ingestVote(latest, inventedVote(3, true), trusting))).toBe("yes");
  });

  it("fails a session at its first vote if only one round is allowed", async () => {
    const oneRound = createHashgraphConsensus({ maxRounds: 1 });
    const { state } = oneRound.open(oneRound.empty(), request(), NOW);
    const refused = await oneRound.ingestVote(state, inventedVote(0, true), trusting);
    expect(outcome(refused)).toBe("max-rounds-exceeded");
    expect(oneRound.tally(refused.state, 7)?.state).toBe("failed");
    const later = await oneRound.ingestVote(refused.state, inventedVote(1, true), trusting);
    expect(outcome(later)).toBe("session-not-active");
  });

  it("does not limit rounds of proposals without votes", () => {
    const oneRound = createHashgraphConsensus({ maxRounds: 1 });
    expect(oneRound.tally(opened(), 7)?.state).toBe("active");
  });
});
