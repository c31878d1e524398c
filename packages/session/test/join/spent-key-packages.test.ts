import {
  ban,
  broadcast,
  eventsOf,
  forgedProposal,
  gather,
  join,
  leave,
  receive,
  required,
  rolesOf,
  runFor,
  sealed,
  signedVote,
  until,
  isSynced,
  type Member,
  type World,
} from "../harness/index.js";
import type { Packet } from "@demls/wire/core";
import { expect, test } from "vitest";

/** A member of four that was banned, a newcomer after the ban, and the banned member's old announcement. */
async function afterBan(): Promise<{ world: World; banned: Member; newcomer: Member; old: Packet }> {
  const announcements = new Map<string, Packet>();
  const { world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
  world.reads = (packet) => {
    if (packet.subtopic === "welcome" && !announcements.has("dave")) announcements.set("dave", packet);
  };
  const banned = await join(world, "dave");
  await until(world, () => isSynced(banned));
  await runFor(world, 60_000);
  const [steward] = rolesOf(world);
  await ban(world, steward, banned);
  await until(world, () => banned.state.phase === "ended");
  const newcomer = await join(world, "erin");
  await until(world, () => isSynced(newcomer));
  await runFor(world, 60_000);
  return { world, banned, newcomer, old: announcements.get("dave") as Packet };
}

test("An old announcement adds a banned member to no group, not even by a newcomer that stands in", async () => {
  const { world, banned, newcomer, old } = await afterBan();
  const { members } = newcomer.state.group ?? { members: [] };
  expect(members).not.toContain(banned.id);
  // The newcomer alone receives it, as from a transport that resends old packets, and proposes it in its turn.
  world.arrives = ({ to, packet }) => packet !== old || to === newcomer;
  broadcast(world, banned, old);
  await runFor(world, 300_000);
  for (const member of world.members.filter((each) => each !== banned))
    expect(member.state.group?.members).not.toContain(banned.id);
});

test("A key package that has added a member adds it no more, though a member of a changed client vouches for it", async () => {
  const { world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
  const [alice, mallory] = world.members.map(required) as [Member, Member];
  const dave = await join(world, "dave");
  const keyPackage = dave.keyPackages[0]?.bytes ?? new Uint8Array();
  await until(world, () => isSynced(dave));
  await runFor(world, 60_000);
  await leave(world, dave);
  await until(world, () => dave.state.phase === "ended");
  await runFor(world, 60_000);
  const proposal = forgedProposal(world, mallory, { kind: "add", member: dave.id, keyPackage });
  const yes = await signedVote(world, mallory.signer, proposal, true);
  await receive(
    world,
    alice,
    await sealed(mallory, { kind: "proposal", proposal: { ...proposal, votes: [yes] } }),
  );
  expect(eventsOf(alice, "voteRequested").at(-1)).toMatchObject({
    request: { kind: "add", member: dave.id },
    defaultVote: false,
  });
});
