import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import { removeRequest } from "../../src/model/request.js";
import {
  ban,
  eventsOf,
  gather,
  propose,
  receive,
  settle,
  until,
  vote,
  type Letter,
  type Member,
} from "../harness/index.js";
import { probeAt, recordedSettings, type Behaviours, type RecordedMember } from "./probes.js";

const recorded = loadVectors<Behaviours>("11_behaviours.json");
const settings = recordedSettings(recorded);

/** Results of a proposal in the members' events. */
function results(members: readonly Member[], proposalId: number): readonly (string | undefined)[] {
  return members.map(
    (member) =>
      eventsOf(member, "proposalDecided").find((decided) => decided.proposalId === proposalId)?.result,
  );
}

describe("a vote that is decided at its timeout (W3)", () => {
  test("of three voters, two silent: all members reach the owner's yes", async () => {
    const probe = probeAt<{
      readonly outcomes: Readonly<Record<string, readonly (readonly [string, boolean])[]>>;
      readonly states: Readonly<Record<string, RecordedMember>>;
    }>(recorded, 16, "nobody else votes: only the proposal's owner times out");
    expect(probe.outcomes).toMatchObject({ bob: [["reached", true]], carol: [] });
    // Alice had removed carol alone; bob and carol stayed in the old epoch.
    expect([probe.states["alice"]?.epoch, probe.states["bob"]?.epoch]).toEqual([3, 2]);

    const { world, members } = await gather(["alice", "bob", "carol"], { ...settings, seed: "silent two" });
    const [alice, bob, carol] = members as [Member, Member, Member];
    for (const silent of [alice, carol]) silent.signsAtOnce = false;
    const id = await ban(world, bob, carol);
    await until(world, () => results(members, id).every((result) => result !== undefined));
    expect(results(members, id)).toEqual(["yes", "yes", "yes"]);
  });

  test("of two voters, one silent: fails for both, as recorded for its owner", async () => {
    const probe = probeAt<{
      readonly outcomes: Readonly<Record<string, readonly (readonly [string, null])[]>>;
      readonly alice: RecordedMember;
      readonly bob: RecordedMember;
    }>(recorded, 17, "n = 2, alice YES bundled, bob silent, liveness true: timeout");
    const { world, members } = await gather(["alice", "bob"], { ...settings, seed: "silent one" });
    const [alice, bob] = members as [Member, Member];
    bob.signsAtOnce = false;
    const id = await ban(world, alice, bob);
    await until(world, () => results(members, id).every((result) => result !== undefined));
    expect(probe.outcomes).toEqual({ alice: [["failed", null]], bob: [] });
    expect(results(members, id)).toEqual(["failed", "failed"]);
    for (const [member, then] of [
      [alice, probe.alice],
      [bob, probe.bob],
    ] as const) {
      expect(member.state.phase).toBe(then.state.toLowerCase());
      expect(member.state.changes.approved).toHaveLength(then.approved.length);
    }
  });
});

describe("votes of three members that cross on the network (W2)", () => {
  const probe = probeAt<{
    readonly outcomes: Readonly<Record<string, readonly boolean[]>>;
    readonly after: Readonly<Record<string, RecordedMember | null>>;
  }>(
    recorded,
    22,
    "3 voters, liveness yes: alice YES, bob NO, carol NO, cast at the same time; carol hears bob before alice",
  );

  test("have the recorded results in de-mls-3", async () => {
    const { world, members } = await gather(["alice", "bob", "carol"], { ...settings, seed: "crossing" });
    const [alice, bob, carol] = members as [Member, Member, Member];
    const id = await propose(world, alice, removeRequest(bob.id), "deferred");
    await settle(world);
    await vote(world, alice, id, true);
    await vote(world, bob, id, false);
    await vote(world, carol, id, false);
    const fromBob = ({ from, to }: Letter): boolean => from === bob && to === carol;
    for (const { to, packet } of world.inFlight.filter(fromBob)) await receive(world, to, packet);
    world.inFlight = world.inFlight.filter((letter) => !fromBob(letter));
    await settle(world);
    const expected = ["alice", "bob", "carol"].map((name) => (probe.outcomes[name]?.[0] ? "yes" : "no"));
    expect(results(members, id)).toEqual(expected);
    // In 3.0.0 the group had split after that.
    expect([probe.after["alice"]?.epoch, probe.after["carol"]?.epoch]).toEqual([3, 2]);
    expect(probe.after["bob"]).toBeNull();
  });
});
