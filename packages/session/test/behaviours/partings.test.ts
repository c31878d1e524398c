import { utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import {
  command,
  create,
  createWorld,
  epochStewardOf,
  eventsOf,
  gather,
  leave,
  stewardsOf,
  until,
  type Member,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours, type RecordedMember } from "./probes.js";

const recorded = loadVectors<Behaviours>("11_behaviours.json");
const settings = recordedSettings(recorded);

describe("the only member (W12)", () => {
  test("ends its conversation when it leaves, and later commands fail; in 3.0.0 it could not leave", async () => {
    const probe = probeAt<{
      readonly reply: string;
      readonly alice: RecordedMember;
      readonly phases: readonly string[];
    }>(recorded, 11, "the only member leaves");
    const again = probeAt<{ readonly leave: string; readonly send: string }>(
      recorded,
      12,
      "... second leave, then a message",
    );
    expect([probe.reply, probe.alice.state, probe.phases.at(-1)]).toEqual(["ok", "Reelection", "Reelection"]);
    expect([again.leave, again.send]).toEqual(["ok", "ok"]);

    const world = createWorld({ ...settings, seed: "alone" });
    const alice = await create(world, "alice");
    await leave(world, alice);
    expect(alice.state).toMatchObject({ phase: "ended", endReason: "left" });
    const over = { code: "not-joined" };
    await expect(leave(world, alice)).rejects.toMatchObject(over);
    const message = { kind: "send", ticket: 1, content: utf8ToBytes("anyone?") } as const;
    await expect(command(world, alice, message)).rejects.toMatchObject(over);
  });
});

describe("a steward that leaves", () => {
  test("as the only one of two members leaves, and the other continues (W12)", async () => {
    const probe = probeAt<{
      readonly steward: string;
      readonly steward_state: RecordedMember;
      readonly other: RecordedMember;
      readonly steward_phases: readonly string[];
      readonly other_phases: readonly string[];
    }>(recorded, 13, "two members, one steward (sn_max 1); the steward leaves");
    expect([probe.steward, probe.steward_phases]).toEqual(["alice", probe.other_phases]);
    for (const stuck of [probe.steward_state, probe.other])
      expect([stuck.state, stuck.epoch]).toEqual(["Reelection", 1]);

    const options = { ...settings, stewards: { snMin: 1, snMax: 1 }, seed: "sole steward" };
    const { world, members } = await gather(["alice", "bob"], options);
    const steward = epochStewardOf(world, members[0] as Member);
    const other = members.find((member) => member !== steward) as Member;
    await leave(world, steward);
    await until(world, () => steward.state.phase === "ended" && other.state.group?.members.length === 1);
    expect(steward.state.endReason).toBe("left");
    expect(other.state.phase).toBe("working");
  });

  test("also leaves if the freeze is shorter than the concurrent election (W12)", async () => {
    const probe = probeAt<{
      readonly alice: RecordedMember;
      readonly bob: RecordedMember;
      readonly alice_phases: readonly string[];
      readonly bob_phases: readonly string[];
    }>(recorded, 20, "leave of a steward with freeze (60 ms) shorter than the refresh election (200 ms)");
    expect([probe.alice.members, probe.alice_phases.at(-1)]).toEqual([["alice"], "Working"]);
    expect([probe.bob.members, probe.bob_phases.at(-1)]).toEqual([["alice", "bob"], "Reelection"]);

    const config = { ...settings.config, freezeMs: 60, electionVotingDelayMs: 200 };
    const { world, members } = await gather(["alice", "bob"], { ...settings, config, seed: "short freeze" });
    const [alice, bob] = members as [Member, Member];
    expect(stewardsOf(alice)).toContain(bob.id);
    await leave(world, bob);
    await until(world, () => bob.state.phase === "ended" && alice.state.group?.members.length === 1);
    expect(bob.state.endReason).toBe("left");
    expect(eventsOf(alice, "membersChanged").at(-1)).toMatchObject({ removed: [bob.id] });
  });
});
