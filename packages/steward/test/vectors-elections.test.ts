import type { MemberId } from "@demls/wire/core";
import { describe, expect, it } from "vitest";

import { loadVectors } from "../../../vectors/load.js";
import {
  createDeterministicStewardList,
  stewardListConfig,
  type ElectionDecision,
  type ElectionSkipReason,
  type Eligible,
  type StewardListEvent,
  type StewardState,
} from "../src/index.js";
import { everyone, RECORDED_CONVERSATION, RECORDED_MEMBERS, recordedId } from "./fixtures.js";

const deterministicStewardList = createDeterministicStewardList();

type RecordedDecision =
  | { readonly skip: string }
  | {
      readonly proposed: readonly string[];
      readonly election_epoch: number;
      readonly retry_round: number;
    };

interface WithoutList {
  readonly case: "no list yet";
  readonly is_exhausted: boolean;
  readonly decision: RecordedDecision;
  readonly recovery: RecordedDecision;
}

interface CreatorList {
  readonly case: "creator list at epoch 0";
  readonly epoch: number;
  readonly self_is_member0: RecordedDecision;
  readonly self_is_member1: RecordedDecision;
  readonly recovery_member0: RecordedDecision;
  readonly proposer_not_eligible: RecordedDecision;
  readonly empty_pool: RecordedDecision;
}

interface TwoStewards {
  readonly case: "two-steward list at epoch 4";
  readonly list: readonly string[];
  readonly exhausted_at: readonly (readonly [epoch: number, exhausted: boolean])[];
  readonly proposer: string;
  readonly proposer_if_first_gone: string;
}

const vectors = loadVectors<{
  readonly decisions: readonly [WithoutList, CreatorList, CreatorList, CreatorList, TwoStewards];
  readonly retries: readonly {
    readonly retry_round: number;
    readonly events: string;
    readonly next_proposal_recovery: RecordedDecision;
  }[];
  readonly auto_fill: {
    readonly sn_min: number;
    readonly five_members: string;
    readonly three_members: string;
    readonly list: readonly string[];
  };
}>("04_stewards.json");

const [member0, member1] = RECORDED_MEMBERS as [MemberId, MemberId];
const empty = deterministicStewardList.create(RECORDED_CONVERSATION, stewardListConfig(), 1);
const { state: created } = deterministicStewardList.installList(empty, 0n, [member0], 1, 0);

const skipTexts: Readonly<Record<ElectionSkipReason, string>> = {
  "list-not-exhausted": "steward list not exhausted",
  "not-the-proposer": "not the responsible proposer",
  "no-candidates": "no eligible candidates after filter",
};

/** A decision in the form of the vectors. */
function recordable(decision: ElectionDecision): RecordedDecision {
  if (decision.kind === "skip") return { skip: skipTexts[decision.reason] };
  return {
    proposed: decision.proposedStewards,
    election_epoch: Number(decision.electionEpoch),
    retry_round: decision.retryRound,
  };
}

/** Events in the form of the vectors, which is Rust's debug format. */
function debugText(events: readonly StewardListEvent[]): string {
  const texts = events.map((event) =>
    event.kind === "listInstalled"
      ? `ListInstalled { epoch: ${event.epoch}, retry_round: ${event.retryRound}, len: ${event.size} }`
      : `RetryExhausted { round: ${event.round}, max: ${event.max} }`,
  );
  return `[${texts.join(", ")}]`;
}

interface DecideOptions {
  readonly self?: MemberId;
  readonly pool?: readonly MemberId[];
  readonly eligible?: Eligible;
  readonly recovery?: boolean;
}

function decide(
  state: StewardState,
  epoch: number,
  { self = member0, pool = RECORDED_MEMBERS, eligible = everyone, recovery = false }: DecideOptions = {},
): RecordedDecision {
  const decision = deterministicStewardList.proposeElection(
    state,
    BigInt(epoch),
    pool,
    self,
    eligible,
    recovery,
  );
  return recordable(decision);
}

describe("recorded election decisions", () => {
  it("are 5 cases", () => expect(vectors.decisions).toHaveLength(5));

  const [withoutList, ...others] = vectors.decisions;
  const creatorLists = others.filter((recorded) => recorded.case === "creator list at epoch 0");
  const twoStewards = vectors.decisions[4];

  it("hold without a list: nothing is exhausted and no member proposes", () => {
    expect(withoutList).toEqual({
      case: "no list yet",
      is_exhausted: deterministicStewardList.isExhausted(empty, 0n),
      decision: decide(empty, 0),
      recovery: decide(empty, 0, { recovery: true }),
    });
  });

  it("hold for the creator's list at three epochs", () => expect(creatorLists).toHaveLength(3));

  it.each(creatorLists)("hold for the creator's list at epoch $epoch", (recorded) => {
    const { epoch } = recorded;
    expect(recorded).toEqual({
      case: "creator list at epoch 0",
      epoch,
      self_is_member0: decide(created, epoch),
      self_is_member1: decide(created, epoch, { self: member1 }),
      recovery_member0: decide(created, epoch, { recovery: true }),
      proposer_not_eligible: decide(created, epoch, { recovery: true, eligible: (id) => id !== member0 }),
      empty_pool: decide(created, epoch, { recovery: true, pool: [] }),
    });
  });

  it("hold for a list of two: the first proposes, or the second if the first is gone", () => {
    const { state } = deterministicStewardList.installList(empty, 4n, RECORDED_MEMBERS, 2, 0);
    const [first] = twoStewards.list.map(recordedId);
    expect(twoStewards).toEqual({
      case: "two-steward list at epoch 4",
      list: state.list?.members,
      exhausted_at: [3, 4, 5, 6, 7].map((epoch) => [
        epoch,
        deterministicStewardList.isExhausted(state, BigInt(epoch)),
      ]),
      proposer: deterministicStewardList.electionProposer(state, everyone),
      proposer_if_first_gone: deterministicStewardList.electionProposer(state, (id) => id !== first),
    });
  });
});

describe("recorded retries", () => {
  it("are 3", () => expect(vectors.retries).toHaveLength(3));

  it("exhaust after the limit and seed the next proposal with the round", () => {
    let state = created;
    const steps = vectors.retries.map(() => {
      const update = deterministicStewardList.bumpRetry(state);
      state = update.state;
      return {
        retry_round: deterministicStewardList.retryRound(state),
        events: debugText(update.events),
        next_proposal_recovery: decide(state, 5, { recovery: true }),
      };
    });
    expect(steps).toEqual([...vectors.retries]);
  });
});

describe("the recorded fill below snMin", () => {
  it("includes all of three members and leaves five alone", () => {
    const config = stewardListConfig({ snMin: vectors.auto_fill.sn_min, snMax: 5 });
    const state = deterministicStewardList.withConfig(empty, config);
    const five = deterministicStewardList.maybeAutoFill(state, 2n, RECORDED_MEMBERS);
    const three = deterministicStewardList.maybeAutoFill(state, 2n, RECORDED_MEMBERS.slice(0, 3));
    expect(five.state).toBe(state);
    expect(vectors.auto_fill).toEqual({
      sn_min: 4,
      five_members: debugText(five.events),
      three_members: debugText(three.events),
      list: three.state.list?.members,
    });
  });
});
