import type { IssuedInvitation } from "@demls/join";
import { createSeededRandom } from "@demls/testkit";
import type { AdmissionDecision, CompatibilityMode, Conversation } from "../../../src/index.js";
import {
  additionOf,
  advance,
  approve,
  ban,
  command,
  createScene,
  epochOf,
  gather,
  isAtRest,
  join,
  leave,
  part,
  present,
  rejoin,
  rolesOf,
  runFor,
  runUntil,
  send,
  stranger,
  until,
  vanish,
  type Member,
  type Person,
  type World,
} from "../../harness/index.js";
import { liveThrough, village } from "../../properties/village.js";
import { voteByHand } from "../../properties/wishes.js";
import type { Archive } from "./archive.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Lives in which each part of the protocol happens, with fakes for MLS and signatures. */
export const LIVES: readonly ((archive: Archive) => Promise<void>)[] = [
  (archive) => liveInVillage(archive, "strict"),
  (archive) => liveInVillage(archive, "de-mls-3"),
  partAndMeet,
  followMajority,
  leaveBehind,
  loseStorage,
  banAndLeave,
  receiveGuests,
];

async function liveInVillage(archive: Archive, mode: CompatibilityMode): Promise<void> {
  const { world } = await gather(["alice", "bob", "carol", "dave"], {
    mode,
    fakes: true,
    seed: "layout",
    // Longer than a packet takes.
    config: { standInMs: 10_000 },
  });
  archive.keep(world);
  const scene = village(world, "layout", { min: 3, max: 6 }, 3_000);
  voteByHand(world, createSeededRandom("votes"), 30);
  for (let season = 0; season < 6; season += 1) await liveThrough(scene);
}

async function settledWorld(archive: Archive, ...names: readonly string[]): Promise<World> {
  const { world } = await gather(names, { mode: "strict", fakes: true, seed: "layout" });
  archive.keep(world);
  await runFor(world, MINUTE_MS);
  return world;
}

/** Parts the network once a change is approved, until each side has merged a commit of its own. */
async function branch(world: World, side: readonly Member[]): Promise<void> {
  await approve(world, await additionOf(world, stranger(201), "one"));
  const at = epochOf(world.members[0]!);
  part(world, side);
  await runUntil(world, () => world.members.every((member) => epochOf(member) > at));
}

async function meet(world: World): Promise<void> {
  world.arrives = () => true;
  await runFor(world, HOUR_MS);
}

async function partAndMeet(archive: Archive): Promise<void> {
  const world = await settledWorld(archive, "alice", "bob", "carol", "dave");
  const [steward, backup, one, two] = rolesOf(world);
  await send(world, one, "before");
  await branch(world, [steward, one]);
  for (const member of [one, two]) await send(world, member, "meanwhile");
  await command(world, backup, { kind: "renewKeys" });
  await runFor(world, HOUR_MS);
  await meet(world);
}

async function followMajority(archive: Archive): Promise<void> {
  const world = await settledWorld(archive, "alice", "bob", "carol", "dave", "erin");
  const [, backup, one] = rolesOf(world);
  await branch(world, [backup, one]);
  await send(world, backup, "from us two");
  await join(world, "frank");
  await runFor(world, HOUR_MS);
  await meet(world);
}

/** The others make a commit of which no member keeps a packet. */
async function leaveBehind(archive: Archive): Promise<void> {
  const world = await settledWorld(archive, "alice", "bob", "carol", "dave");
  const [steward, writer, sleeper, target] = rolesOf(world);
  vanish(world, [sleeper]);
  sleeper.wakeAtMs = undefined;
  const before = epochOf(steward);
  await ban(world, steward, target);
  await runUntil(world, () => epochOf(steward) > before && epochOf(writer) > before);
  await runFor(world, MINUTE_MS);
  for (const member of [steward, writer]) {
    const { repair } = member.state;
    const epochs = repair.epochs.slice(-1);
    const log = repair.log.filter(({ epoch }) => epoch === epochs[0]?.epoch);
    member.state = { ...member.state, repair: { ...repair, epochs, log } };
  }
  world.arrives = () => true;
  await command(world, sleeper, { kind: "markVerified", member: writer.id, verified: true });
  await runFor(world, 6 * HOUR_MS);
}

async function loseStorage(archive: Archive): Promise<void> {
  const world = await settledWorld(archive, "alice", "bob", "carol", "dave");
  const [, , sleeper] = rolesOf(world);
  await rejoin(world, sleeper);
  await runFor(world, 10 * MINUTE_MS);
}

async function banAndLeave(archive: Archive): Promise<void> {
  const world = await settledWorld(archive, "alice", "bob", "carol", "dave", "erin");
  const [steward, backup, one, two] = rolesOf(world);
  await ban(world, steward, one);
  await leave(world, one);
  await runFor(world, 5 * MINUTE_MS);
  await rejoin(world, one);
  await runFor(world, 5 * MINUTE_MS);
  await command(world, backup, { kind: "unban", member: one.id });
  await leave(world, two);
  await runFor(world, 5 * MINUTE_MS);
  await rejoin(world, one);
  await until(world, () => isAtRest(world));
  await send(world, present(world)[0]!, "the last");
  await runFor(world, DAY_MS);
}

/** Users, whose stores have what no world has: their keys, key packages, histories and invitations. */
async function receiveGuests(archive: Archive): Promise<void> {
  const scene = createScene({ seed: "layout", fakes: true });
  let decide: (joiner: string) => AdmissionDecision = () => "admit";
  const people: Person[] = [];
  const enter = async (name: string): Promise<Person> => {
    let voteKey: Uint8Array = new Uint8Array();
    const storage = archive.storage(
      name,
      () => scene.clock.wallMs(),
      () => voteKey,
    );
    const person = await scene.enter(name, storage, {
      history: "all",
      admission: ({ joiner }) => decide(joiner),
    });
    voteKey = person.secretKey;
    people.push(person);
    return person;
  };
  const config = { probationMs: DAY_MS, guestShare: 3 };
  const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
  const garden = await alice.user.createConversation("garden", { config });
  const invited = async (guest: Person, { line }: IssuedInvitation): Promise<Conversation> => {
    const joining = await guest.user.join(line).conversation;
    await until(scene, () => joining.state.phase === "working");
    await advance(scene, MINUTE_MS);
    return joining;
  };
  const gardens = [garden];
  for (const guest of [bob, carol]) gardens.push(await invited(guest, await garden.createInvitation()));
  for (const conversation of gardens) await conversation.send("hello");
  await garden.markVerified(bob.id);
  await advance(scene, 25 * HOUR_MS);
  await alice.user.generateKeyPackage();
  await bob.user.join({ name: "orchard" }).conversation;

  // A newcomer is confirmed; a stranger is refused, and one gives up.
  const dave = await enter("dave");
  await invited(dave, await gardens[1]!.createInvitation({ uses: 0, note: "the herb bed" }));
  for (const conversation of gardens) await conversation.confirmMember(dave.id);
  void gardens[1]!.renewKeys();
  await advance(scene, 10 * MINUTE_MS);
  decide = () => "ask";
  const [erin, frank] = [await enter("erin"), await enter("frank")];
  await erin.user.join({ name: "garden" }).conversation;
  const asking = await frank.user.join({ name: "garden" }).conversation;
  await until(scene, () => gardens.every(({ state }) => state.requests.length === 2));
  await garden.admit(erin.id);
  await advance(scene, 10 * MINUTE_MS);
  void asking.leave();
  const { invitation } = await garden.createInvitation();
  await garden.revokeInvitation(invitation.id);
  await advance(scene, 10 * MINUTE_MS);

  void garden.proposeRemove(dave.id).accepted.catch(() => undefined);
  void gardens[2]!.leave().accepted.catch(() => undefined);
  await advance(scene, HOUR_MS);
  await scene.close();
}
