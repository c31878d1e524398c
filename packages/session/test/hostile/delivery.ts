import type { MlsGroup, MlsService } from "@demls/mls";
import type { Packet } from "@demls/wire/core";
import { expect } from "vitest";
import { expectAtMost, expectNone, expectSame } from "../../../../hostile/expectations.js";
import {
  type Active,
  type ConversationPlugins,
  type ConversationState,
  type Effect,
  type Environment,
  step,
  type StepResult,
} from "../../src/step/index.js";
import { groupOf } from "../../src/model/state.js";
import { encodeRecord } from "../../src/storage/plain-data.js";
import { inspect } from "../../src/view/inspection.js";
import { snapshotOf } from "../../src/view/snapshot.js";
import { changedFields, deepFreeze, environmentOf, overfull, type TestState } from "../harness/index.js";
import { mayChange, TRACES } from "./refusals.js";
import type { Stage } from "./stages.js";
import { weightOfState } from "./state-weight.js";

/** Ticks after which an accepted packet must not have failed. */
const TICKS_AFTER = 4;

/** Maximum ms of those ticks if nothing is due earlier. */
const LONGEST_WAIT_MS = 120_000;

/** Maximum growth of a state by a packet: several copies of its bytes, and the records of a step. */
const GROWTH_PER_BYTE = 8;
const GROWTH = 20_000;

/** Calls that cost cryptography. */
interface Cost {
  verifications: number;
  mls: number;
}

/** Besides buffered votes: bundled votes that are noted, its own, and one or two more. */
const MOST_VERIFICATIONS = 36;

/** Besides those that were buffered. */
const MOST_MLS_CALLS = 8;

/**
 * Delivers a packet to a stage's reader. Fails if the packet makes a step throw, has no typed outcome, changes the
 * state although it is rejected, exceeds a bound, costs too much, or makes a later step fail.
 *
 * @returns the step; the stage is unchanged
 */
export async function deliverHostile(
  stage: Stage,
  packet: Packet,
  state = stage.reader.state,
): Promise<StepResult> {
  const { reader, world } = stage;
  const cost: Cost = { verifications: 0, mls: 0 };
  const env = environmentOf(world, { ...reader, plugins: counting(reader.plugins, cost) });
  const result = await step(deepFreeze(state), { kind: "packet", packet }, env);
  const { outcome } = result;
  if (outcome === undefined) throw new Error("The packet has no outcome.");
  if (outcome.kind === "ignored" || outcome.kind === "rejected") {
    expectNone([outcome.reason].filter((reason) => !Object.hasOwn(TRACES, reason)));
  }
  expectUnchanged(state, result, reader.mls);
  expectNone(overfull({ ...reader, state: result.state as TestState }));
  const growth = weightOfState(result.state) - weightOfState(state);
  expectAtMost(growth, GROWTH + GROWTH_PER_BYTE * packet.payload.length);
  const { votes, inbound, changes } = state;
  const waiting =
    (votes?.bufferedVotes.length ?? 0) +
    (votes?.bufferedProposals.length ?? 0) +
    (inbound?.buffered.length ?? 0);
  expectAtMost(cost.verifications, MOST_VERIFICATIONS + waiting);
  expectAtMost(cost.mls, MOST_MLS_CALLS + 2 * waiting + 2 * (changes?.pending.size ?? 0));
  if (mayChange(outcome, state, result.state) === "anything") await expectHarmlessLater(stage, result);
  return result;
}

function expectUnchanged(
  before: ConversationState,
  { state, outcome, effects }: StepResult,
  mls: MlsService,
): void {
  const permitted = mayChange(outcome as NonNullable<typeof outcome>, before, state);
  if (permitted === "anything") return;
  expectNone(changedFields(before, state).filter((field) => !permitted.has(field)));
  const [former, later] = [groupOf(before), groupOf(state)];
  if (former !== undefined && former !== later)
    expect(outline(later as MlsGroup, mls)).toEqual({
      ...outline(former, mls),
      // It spends a generation that a later life of this state has used.
      ...(isOfLaterLife(outcome) && { own: mls.generations(later as MlsGroup) }),
    });
  expectNone(effects.filter((effect) => !isTold(effect)));
  expectAtMost(effects.filter(({ kind }) => kind === "event").length, 1);
  expectSame(effects.filter(({ kind }) => kind === "inbound").length, 1);
}

/** Whether the packet was a commit of this member that its state does not show. */
function isOfLaterLife(outcome: StepResult["outcome"]): boolean {
  return outcome?.kind === "rejected" && outcome.detail === "own-message";
}

/** The group except its members' ratchets. */
function outline(group: MlsGroup, mls: MlsService): object {
  const { state: _, ...known } = group;
  return { ...known, own: mls.generations(group) };
}

/** Allowed events for a rejected packet. */
const TOLD: readonly string[] = ["epochGap", "diverged", "commitCandidateReceived", "ambiguousConversation"];

/** Whether an effect is allowed for a rejected packet: allowed events, the outcome, and wiping. */
function isTold(effect: Effect): boolean {
  if (effect.kind === "event") return TOLD.includes(effect.event.kind);
  if (effect.kind === "trace") return effect.decision.kind === "candidateHeld";
  return effect.kind === "inbound" || effect.kind === "discardGroup";
}

/** Checks that the new state can be inspected and stored, and that its timers and signatures cause no failure. */
async function expectHarmlessLater({ world, reader }: Stage, taken: StepResult): Promise<void> {
  let { state, wakeAtMs, effects } = taken;
  let nowMs = world.nowMs;
  for (let i = 0; i < TICKS_AFTER && state.phase !== "ended"; i++) {
    const env = (): Environment => ({
      ...environmentOf(world, reader),
      nowMs,
      nowSeconds: environmentOf(world, reader).nowSeconds + BigInt(Math.floor((nowMs - world.nowMs) / 1_000)),
    });
    JSON.stringify(inspect(state, env()));
    snapshotOf(state, env());
    for (const effect of effects) {
      if (effect.kind !== "sign") continue;
      const signature = reader.signer.sign(effect.message);
      ({ state } = await step(
        deepFreeze(state),
        { kind: "signed", requestId: effect.requestId, signature },
        env(),
      ));
    }
    nowMs = Math.max(nowMs, Math.min(wakeAtMs ?? Infinity, nowMs + LONGEST_WAIT_MS));
    ({ state, wakeAtMs, effects } = await step(deepFreeze(state), { kind: "tick" }, env()));
    expectNone(overfull({ ...reader, state: state as TestState }));
  }
  const { group: _, commit: __, ...kept } = state as Partial<Active>;
  encodeRecord(kept);
}

function counting(plugins: ConversationPlugins, cost: Cost): ConversationPlugins {
  const { verifier, mls } = plugins;
  const counted =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      cost.mls += 1;
      return call(...given);
    };
  return {
    ...plugins,
    verifier: {
      ...verifier,
      verify(...given) {
        cost.verifications += 1;
        return verifier.verify(...given);
      },
    },
    mls: {
      ...mls,
      open: counted(mls.open),
      stage: counted(mls.stage),
      join: counted(mls.join),
      canAdd: counted(mls.canAdd),
      inspectKeyPackage: counted(mls.inspectKeyPackage),
    },
  };
}
