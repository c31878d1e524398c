import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  createDeterministicStewardList,
  stewardListConfig,
  validateStewardList,
  type StewardListPlugin,
  type StewardState,
} from "../src/index.js";
import {
  anyEpoch,
  anyGroup,
  everyone,
  RECORDED_CONVERSATION,
  RECORDED_MEMBERS,
  recordedId,
} from "./fixtures.js";

const deterministicStewardList = createDeterministicStewardList();

const plugin = deterministicStewardList;
const config = stewardListConfig({ snMax: 3 });
const empty = plugin.create(RECORDED_CONVERSATION, config, 1);
const { state: three } = plugin.installList(empty, 4n, RECORDED_MEMBERS, 3, 0);
const [first, second, third] = three.list?.members ?? [];
const outsider = recordedId("ff".repeat(20));

describe("a conversation without a list", () => {
  it("has no stewards, no election epoch and no proposer", () => {
    expect(plugin.currentList(empty)).toBeUndefined();
    expect(plugin.currentList(empty)).toBeUndefined();
    expect(plugin.isSteward(empty, outsider)).toBe(false);
    expect(plugin.stewardMembers(empty, everyone)).toEqual([]);
    expect(plugin.epochSteward(empty, 0n, everyone)).toBeUndefined();
    expect(plugin.electionProposer(empty, everyone)).toBeUndefined();
  });

  it("has no epoch steward and no backup", () => {
    expect(plugin.epochAndBackup(empty, 0n, everyone)).toEqual({
      epochSteward: undefined,
      backup: undefined,
    });
  });
});

describe("installing a list", () => {
  it("does not change the earlier state", () => {
    expect(empty.list).toBeUndefined();
    expect(three).not.toBe(empty);
  });

  it("reports epoch, round and size", () => {
    expect(plugin.installList(empty, 9n, RECORDED_MEMBERS, 2, 5).events).toEqual([
      { kind: "listInstalled", epoch: 9n, retryRound: 5, size: 2 },
    ]);
  });

  it("takes the list's round from the election and keeps the count of retries", () => {
    const { state: retried } = plugin.bumpRetry(empty);
    const { state } = plugin.installList(retried, 9n, RECORDED_MEMBERS, 2, 5);
    expect(plugin.currentList(state)?.retryRound).toBe(5);
    expect(plugin.retryRound(state)).toBe(1);
  });

  it("throws for a size that is not allowed", () => {
    expect(() => plugin.installList(empty, 0n, RECORDED_MEMBERS, 4, 0)).toThrow(/4 stewards/);
  });
});

describe("stewards of an epoch", () => {
  it("are the steward of the epoch and the next", () => {
    expect(plugin.epochAndBackup(three, 5n, everyone)).toEqual({ epochSteward: second, backup: third });
    expect(plugin.epochAndBackup(three, 6n, everyone)).toEqual({ epochSteward: third, backup: first });
  });

  it("are the next two if the nominal one has gone", () => {
    const live = (id: string) => id !== first;
    expect(plugin.epochSteward(three, 4n, live)).toBe(second);
    expect(plugin.epochAndBackup(three, 4n, live)).toEqual({ epochSteward: second, backup: third });
  });

  it("lack a backup if only one is eligible", () => {
    expect(plugin.epochAndBackup(three, 4n, (id) => id === third)).toEqual({
      epochSteward: third,
      backup: undefined,
    });
  });

  it("are never the same member, and are two if two are eligible", () => {
    const anyState = fc.tuple(anyEpoch, anyGroup).map(([epoch, group]) => {
      const everybody = plugin.withConfig(empty, stewardListConfig({ snMax: group.length }));
      return { epoch, state: plugin.installList(everybody, epoch, group, group.length, 0).state };
    });
    fc.assert(
      fc.property(anyState, fc.func(fc.boolean()), ({ epoch, state }, eligible) => {
        const { epochSteward, backup } = plugin.epochAndBackup(state, epoch, eligible);
        const live = plugin.stewardMembers(state, eligible).length;
        expect([epochSteward, backup].filter((id) => id !== undefined)).toHaveLength(Math.min(live, 2));
        if (backup !== undefined) expect(backup).not.toBe(epochSteward);
      }),
    );
  });

  it("are in list order without ineligible ones", () => {
    expect(plugin.isSteward(three, second as never)).toBe(true);
    expect(plugin.stewardMembers(three, (id) => id !== second)).toEqual([first, third]);
  });
});

describe("proposing an election", () => {
  it("yields a list that every member validates", () => {
    fc.assert(
      fc.property(anyEpoch, anyGroup, fc.nat({ max: 5 }), (epoch, pool, failed) => {
        let state: StewardState = three;
        for (let i = 0; i < failed; i++) state = plugin.bumpRetry(state).state;
        const decision = plugin.proposeElection(state, epoch, pool, first as never, everyone, true);
        if (decision.kind === "skip") throw new Error(decision.reason);
        const { proposedStewards, electionEpoch, retryRound } = decision;
        const judge = (round: number) =>
          plugin.validateProposed(empty, proposedStewards, electionEpoch, pool, round);
        expect(retryRound).toBe(failed);
        expect(judge(retryRound)).toBe(true);
        // Validates against the list's own members, as the reference does if it knows no others.
        const own = { electionEpoch, retryRound, conversationId: RECORDED_CONVERSATION, config };
        expect(validateStewardList(proposedStewards, { ...own, candidates: proposedStewards })).toBe(true);
      }),
    );
  });
});

describe("retries", () => {
  it("are reported at every failure beyond the limit", () => {
    const patient = plugin.withMaxRetries(empty, 2);
    let state = patient;
    const kinds = [1, 2, 3, 4].map(() => {
      const update = plugin.bumpRetry(state);
      state = update.state;
      return update.events.map(({ kind }) => kind);
    });
    expect(kinds).toEqual([[], [], ["retryExhausted"], ["retryExhausted"]]);
    expect(plugin.maxRetries(state)).toBe(2);
  });

  it("start over after a success", () => {
    expect(plugin.retryRound(plugin.resetRetry(plugin.bumpRetry(empty).state))).toBe(0);
  });

  it("stop at the wire's maximum", () => {
    const { state, events } = plugin.bumpRetry({ ...empty, retryRound: 0xffff_ffff });
    expect(state.retryRound).toBe(0xffff_ffff);
    expect(events).toEqual([{ kind: "retryExhausted", round: 0xffff_ffff, max: 1 }]);
  });
});

describe("the fill below snMin", () => {
  const demanding = plugin.withConfig(three, stewardListConfig({ snMin: 4, snMax: 5 }));

  it("replaces the list, in round 0", () => {
    const { state } = plugin.maybeAutoFill(demanding, 8n, RECORDED_MEMBERS.slice(0, 2));
    expect(new Set(state.list?.members)).toEqual(new Set(RECORDED_MEMBERS.slice(0, 2)));
    expect(state.list).toMatchObject({ electionEpoch: 8n, retryRound: 0 });
  });

  it("does nothing for an empty group", () => {
    expect(plugin.maybeAutoFill(demanding, 8n, [])).toEqual({ state: demanding, events: [] });
  });

  it("does nothing from snMin on", () => {
    expect(plugin.maybeAutoFill(demanding, 8n, RECORDED_MEMBERS.slice(0, 4)).state).toBe(demanding);
  });
});

describe("the default plug-in", () => {
  it("works with a session that does not know its state", () => {
    const opaque: StewardListPlugin<unknown> = deterministicStewardList;
    const state = opaque.create("c", config, 3);
    expect(opaque.config(state)).toBe(config);
    expect(opaque.maxRetries(state)).toBe(3);
    expect(opaque.isExhausted(state, 0n)).toBe(false);
  });
});
