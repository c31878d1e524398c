import { createMemoryStorage } from "@demls/storage-memory";
import { describe, expect, onTestFinished, test } from "vitest";
import { createUserFrom } from "../../src/index.js";
import { isVerified } from "../../src/identity/verified-members.js";
import { LIMITS } from "../../src/model/limits.js";
import type { Active } from "../../src/model/state.js";
import type { MemberId } from "@demls/wire/core";
import {
  ban,
  command,
  enter,
  epochOf,
  eventsOf,
  expectMistake,
  fork,
  gather,
  openScene,
  overfull,
  rolesOf,
  runFor,
  settle,
  until,
  type Member,
  type World,
} from "../harness/index.js";

/** Whether a member has marked another one. */
const marks = ({ state }: Member, { id }: Member): boolean => isVerified(state, id);

/** Marks a member as verified by another one. */
const mark = (world: World, by: Member, { id }: Pick<Member, "id">, verified = true) =>
  command(world, by, { kind: "markVerified", member: id, verified });

describe("Two members of a strict conversation", () => {
  test("have one code for each other, over commits, conversations and new signature keys", async () => {
    const { scene, alice, bob, carol } = await openScene("codes", "alice", "bob", "carol");
    const [atAlice, atBob, atCarol] = await gather(scene, "garden", alice, bob, carol);
    const code = atAlice.verificationCode(bob.id);
    expect(atBob.verificationCode(alice.id)).toBe(code);
    expect(atAlice.verificationCode(`${bob.id.toUpperCase()}` as MemberId)).toBe(code);
    expect(atCarol.verificationCode(alice.id)).not.toBe(code);
    await atAlice.markVerified(bob.id);
    const renewed = atBob.renewKeys({ signature: true });
    await until(scene, () => eventsOf(alice, "keysRenewed").length > 0);
    await renewed;
    expect(atAlice.verificationCode(bob.id)).toBe(code);
    expect(atAlice.state.members.filter(({ verified }) => verified).map(({ id }) => id)).toEqual([bob.id]);
    const [inMeadow] = await gather(scene, "meadow", alice, bob);
    expect(inMeadow.verificationCode(bob.id)).toBe(code);
    expect(inMeadow.state.members.some(({ verified }) => verified)).toBe(false);
  });

  test("have one fingerprint in each epoch, also after they are closed", async () => {
    const { scene, alice, bob } = await openScene("fingerprints", "alice", "bob");
    const [atAlice, atBob] = await gather(scene, "garden", alice, bob);
    const before = atAlice.fingerprint();
    expect(before).toMatch(/^\d{5}( \d{5}){11}$/);
    expect(atBob.fingerprint()).toBe(before);
    const renewed = atBob.renewKeys();
    await until(scene, () => eventsOf(alice, "keysRenewed").length > 0);
    await renewed;
    const after = atAlice.fingerprint();
    expect(after).not.toBe(before);
    await bob.user.close();
    expect(atBob.fingerprint()).toBe(after);
  });
});

describe("A mark", () => {
  test("shows at its user alone, and with messages that come after it", async () => {
    const { scene, alice, bob, carol } = await openScene("marks", "alice", "bob", "carol");
    const [atAlice, atBob, atCarol] = await gather(scene, "garden", alice, bob, carol);
    const say = async (text: string): Promise<void> => {
      await (
        await atBob.send(text)
      ).published;
      await settle(scene);
    };
    await say("before");
    await atAlice.markVerified(bob.id);
    await say("after");
    await atAlice.markVerified(bob.id, false);
    await say("taken back");
    expect(eventsOf(alice, "message").map(({ verified }) => verified)).toEqual([false, true, false]);
    expect(eventsOf(carol, "message").some(({ verified }) => verified)).toBe(false);
    expect(atCarol.state.members.some(({ verified }) => verified)).toBe(false);
  });

  test("is kept over a restart", async () => {
    const { scene } = await openScene({ seed: "kept marks", fakes: true });
    const storage = createMemoryStorage();
    const alice = await enter(scene, "alice", storage);
    const bob = await enter(scene, "bob");
    const [atAlice] = await gather(scene, "garden", alice, bob);
    await atAlice.markVerified(bob.id);
    await alice.user.close();
    await alice.transport.close();
    const user = await createUserFrom({ ...alice.options, transport: scene.network.join() });
    onTestFinished(() => user.close());
    const { members } = user.conversation("garden").state;
    expect(members.filter(({ verified }) => verified).map(({ id }) => id)).toEqual([bob.id]);
  });
});

describe("The calls for verification reject", () => {
  test("a pending join, and an ended conversation", async () => {
    const { alice } = await openScene({ seed: "outside", fakes: true }, "alice");
    const pending = await alice.user.join({ name: "garden" }).conversation;
    const other = "aa".repeat(20) as MemberId;
    expect(() => pending.fingerprint()).toThrow(expect.objectContaining({ code: "not-joined" }));
    expect(() => pending.verificationCode(other)).toThrow(expect.objectContaining({ code: "not-joined" }));
    await expectMistake(pending.markVerified(other), "not-joined", "conversation");
    await pending.leave().accepted.catch(() => undefined);
    expect(() => pending.fingerprint()).toThrow(expect.objectContaining({ code: "conversation-ended" }));
  });

  test("an identity that is no other member's", async () => {
    const { alice } = await openScene({ seed: "others", fakes: true }, "alice");
    const garden = await alice.user.createConversation("garden");
    const other = "aa".repeat(20) as MemberId;
    expect(() => garden.verificationCode(alice.id)).toThrow(
      expect.objectContaining({ code: "own-identity" }),
    );
    expect(() => garden.verificationCode("bob" as MemberId)).toThrow(
      expect.objectContaining({ code: "invalid-member-id" }),
    );
    await expectMistake(garden.markVerified(alice.id), "own-identity", "member");
    await expectMistake(garden.markVerified(other), "not-a-member", "member");
    await expectMistake(garden.markVerified("bob" as MemberId), "invalid-member-id", "memberId");
  });

  test("a de-mls-3 conversation, except for the fingerprint", async () => {
    const { alice } = await openScene({ seed: "claims", fakes: true }, "alice");
    const garden = await alice.user.createConversation("garden", { compatibility: "de-mls-3" });
    const other = "aa".repeat(20) as MemberId;
    expect(() => garden.verificationCode(other)).toThrow(expect.objectContaining({ code: "wrong-mode" }));
    await expectMistake(garden.markVerified(other), "wrong-mode");
    expect(garden.fingerprint()).toMatch(/^\d{5} /);
  });
});

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

test("A removed member loses its mark, and the others keep theirs", async () => {
  const { world } = await fork(settled.world);
  const [steward, writer, reader, target] = rolesOf(world);
  await mark(world, writer, reader);
  await mark(world, writer, target);
  const before = epochOf(writer);
  await ban(world, steward, target);
  await until(world, () => epochOf(writer) > before);
  await runFor(world, 60_000);
  expect(marks(writer, reader)).toBe(true);
  expect((writer.state as Active).identities.verified).toEqual([reader.id]);
});

test("Beyond the bound, the member marked first loses its mark", async () => {
  const { world } = await fork(settled.world);
  const [, writer, reader, target] = rolesOf(world);
  const others = Array.from({ length: LIMITS.verifiedMembers - 1 }, (_, i) => String(i) as MemberId);
  writer.state = { ...writer.state, identities: { verified: [target.id, ...others] } };
  await mark(world, writer, target);
  await mark(world, writer, reader);
  const { verified } = (writer.state as Active).identities;
  expect(verified).toEqual([...others, target.id, reader.id].slice(-LIMITS.verifiedMembers));
  expect(overfull(writer)).toEqual([]);
});
