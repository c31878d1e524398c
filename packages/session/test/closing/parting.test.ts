import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  alter,
  approve,
  castOf,
  eventsOf,
  fork,
  gather,
  receive,
  runFor,
  runUntil,
  take,
  type Letter,
  type Member,
  type World,
} from "../harness/index.js";
import { repairPacket } from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);
const AWAY_MS = 300_000;

let world: World;
let steward: Member, one: Member, banned: Member, others: readonly Member[];
/** Choices of other members for commits that keep the banned one, the first by `one`. */
let keeping: readonly Packet[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  const cast = castOf(world);
  ({ steward } = cast);
  [one, banned] = cast.others;
  others = world.members.filter((member) => member !== banned);
});

describe("A member whose removal less than a majority has chosen", () => {
  beforeEach(async () => {
    // Sealed before the others go on.
    keeping = await Promise.all(
      [one, ...others.filter((member) => member !== one && member !== steward)].map((member, index) =>
        repairPacket(world, member, { kind: "choice", commitHash: new Uint8Array(32).fill(index) }),
      ),
    );
    await approve(world, removeRequest(banned.id));
    const isCandidate = ({ packet }: Letter): boolean => packet.subtopic !== "repair";
    world.arrives = (letter) =>
      others.includes(letter.to) || (letter.from === steward && isCandidate(letter));
    await runUntil(world, () => banned.state.phase === "selection");
  });

  test("stays in its epoch, without asking to come back, and goes once it learns of the majority", async () => {
    await runFor(world, 2 * AWAY_MS);
    expect(others.every(({ state }) => !state.group.members.includes(banned.id))).toBe(true);
    expect(banned.state).toMatchObject({ phase: "selection", rejoin: { keyPackage: undefined } });
    world.arrives = () => true;
    await runUntil(world, () => banned.state.phase === "ended");
    expect(eventsOf(banned, "leaving")).toEqual([{ kind: "leaving", reason: "removed" }]);
  });

  test("takes it for done after three times the patience for absent members, if no chosen commit keeps it", async () => {
    const { anchoredAtMs = 0 } = banned.state.commit;
    await runUntil(world, () => banned.state.phase === "ended", anchoredAtMs + 3 * AWAY_MS);
    expect(world.nowMs - anchoredAtMs).toBe(3 * AWAY_MS);
    expect(banned.state).toMatchObject({ endReason: "removed" });
  });

  test("takes it for done after a day, if another commit keeps it", async () => {
    expect(await receive(world, banned, keeping[0] as Packet)).toMatchObject({ kind: "accepted" });
    await runFor(world, 4 * AWAY_MS);
    expect(banned.state.phase).toBe("selection");
    const { anchoredAtMs = 0 } = banned.state.commit;
    alter(banned, "commit", { anchoredAtMs: anchoredAtMs - 24 * 3_600_000 + 6 * AWAY_MS });
    await runUntil(world, () => banned.state.phase === "ended");
    expect(world.nowMs - anchoredAtMs).toBe(6 * AWAY_MS);
  });

  test("takes it for done once all members have chosen, though other commits keep it", async () => {
    await runUntil(world, () => banned.state.repair.log.some(({ slot }) => slot.kind === "choice"));
    for (const choice of keeping)
      expect(await receive(world, banned, choice)).toMatchObject({ kind: "accepted" });
    expect(banned.state.phase).toBe("selection");
    world.arrives = ({ from, to }) => others.includes(to) || from === steward;
    await runUntil(world, () => banned.state.phase === "ended");
    expect(banned.state).toMatchObject({ endReason: "removed" });
  });
});

test("A member takes its removal for done once all members that stay have chosen, though a leaver chooses nothing", async () => {
  const [staying, leaver] = others.filter((member) => member !== one && member !== steward);
  if (staying === undefined || leaver === undefined) throw new Error("There are five members.");
  const choices = await Promise.all(
    [one, staying].map((member, index) =>
      repairPacket(world, member, { kind: "choice", commitHash: new Uint8Array(32).fill(index) }),
    ),
  );
  const removal = { proposalId: 1, request: removeRequest(banned.id), proposer: steward.id };
  const parting = { proposalId: 2, request: removeRequest(leaver.id), proposer: leaver.id };
  for (const member of world.members) {
    alter(member, "changes", { approved: [removal, parting] });
    await take(world, member, { kind: "tick" });
  }
  world.arrives = ({ from, to, packet }) =>
    others.includes(to) || (from === steward && packet.subtopic !== "repair");
  await runUntil(world, () => banned.state.phase === "selection");
  for (const choice of choices)
    expect(await receive(world, banned, choice)).toMatchObject({ kind: "accepted" });
  expect(banned.state.phase).toBe("selection");
  world.arrives = ({ from, to }) => others.includes(to) || from === steward;
  const { anchoredAtMs = 0 } = banned.state.commit;
  await runUntil(world, () => banned.state.phase === "ended", anchoredAtMs + AWAY_MS);
  expect(banned.state.phase).toBe("ended");
});
