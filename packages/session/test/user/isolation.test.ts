import { beforeEach, describe, expect, test, vi } from "vitest";
import type { OwnKeyPackage } from "@demls/mls";
import type { Packet } from "@demls/wire/core";
import { eventsOf, gather, openScene, settle, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("isolation", "alice", "bob"));
});

describe("Two conversations of one user", () => {
  test("are independent: events in one leave the other's state unchanged", async () => {
    const [garden] = await gather(scene, "garden", alice, bob);
    await gather(scene, "cellar", alice, bob);
    const cellarBefore = bob.user.conversations.get("cellar")?.state;
    const told = bob.events.length;
    await garden.send("roses");
    await garden.proposeRemove(bob.id).accepted;
    await settle(scene);
    expect(eventsOf(bob, "message")).toMatchObject([{ conversation: "garden", text: "roses" }]);
    expect(new Set(bob.events.slice(told).map(({ conversation }) => conversation))).toEqual(
      new Set(["garden"]),
    );
    expect(bob.user.conversations.get("cellar")?.state).toEqual(cellarBefore);
  });

  test("end independently", async () => {
    await gather(scene, "garden", alice, bob);
    const [atAlice, atBob] = await gather(scene, "cellar", alice, bob);
    bob.user.conversations.get("garden")?.leave();
    await until(scene, () => !bob.user.conversations.has("garden"));
    await atAlice.send("still here?");
    await settle(scene);
    expect([...bob.user.conversations.values()]).toEqual([atBob]);
    expect(eventsOf(bob, "message")).toMatchObject([{ conversation: "cellar", text: "still here?" }]);
  });

  test("ignore each other's packets, even if a stranger forwards them under the other's name", async () => {
    const [garden] = await gather(scene, "garden", alice, bob);
    await gather(scene, "cellar", alice, bob);
    await garden.send("roses");
    await settle(scene);
    const cellarBefore = bob.user.conversations.get("cellar")?.state;
    const told = bob.events.length;
    const heard = bob.inbound.length;
    for (const { packet } of alice.transport.attempts) {
      if (packet.conversationId === "garden") scene.network.inject({ ...packet, conversationId: "cellar" });
    }
    await settle(scene);
    const outcomes = bob.inbound.slice(heard).map(({ outcome }) => outcome.kind);
    expect(outcomes.length).toBeGreaterThan(3);
    expect(outcomes.filter((kind) => kind === "accepted" || kind === "buffered")).toEqual([]);
    expect(bob.events.slice(told)).toEqual([]);
    expect(bob.user.conversations.get("cellar")?.state).toEqual(cellarBefore);
  });
});

describe("A key package", () => {
  test("admits its owner once, and is then wiped", async () => {
    const generated = vi.spyOn(bob.mls, "generateKeyPackage");
    await gather(scene, "garden", alice, bob);
    const own = await (generated.mock.results[0]?.value as Promise<OwnKeyPackage>);
    expect(generated).toHaveBeenCalledTimes(1);
    expect(isWiped(own)).toBe(true);
  });

  test("sent to two conversations joins only the first", async () => {
    const garden = await alice.user.createConversation("garden");
    const cellar = await alice.user.createConversation("cellar");
    for (const name of ["garden", "cellar"]) await bob.user.join({ name }, { announce: false }).conversation;
    const keyPackage = await bob.user.generateKeyPackage();
    garden.proposeAdd(keyPackage);
    await until(scene, () => bob.user.conversations.get("garden")?.state.phase === "working");
    cellar.proposeAdd(keyPackage);
    await until(scene, () => cellar.state.members.length === 2);
    await settle(scene);
    expect(bob.user.conversations.get("cellar")?.state.phase).toBe("pending-join");
    const ofCellar = () =>
      bob.inbound.filter(({ packet }) => packet.conversationId === "cellar" && packet.subtopic === "app_msg");
    await until(scene, () => ofCellar().length > 0);
    expect(ofCellar().at(-1)).toMatchObject({ outcome: { kind: "buffered" } });
    expect(bob.inbound.map(({ outcome }) => outcome)).toContainEqual({
      kind: "ignored",
      reason: "welcome-for-others",
    });
  });

  test("is not consumed by a welcome forwarded under another conversation's name", async () => {
    await alice.user.createConversation("garden");
    await bob.user.join({ name: "cellar" }).conversation;
    await bob.user.join({ name: "garden" }).conversation;
    // Bob receives nothing while he is added; the stranger has kept the packets.
    const missed: Packet[] = [];
    vi.spyOn(alice.transport, "publish").mockImplementation(async (packet) => void missed.push(packet));
    await until(scene, () => missed.some(({ subtopic }) => subtopic === "welcome"));
    await settle(scene);
    for (const packet of missed) scene.network.inject({ ...packet, conversationId: "cellar" });
    await settle(scene);
    expect(bob.inbound.map(({ outcome }) => outcome)).toContainEqual({
      kind: "rejected",
      reason: "invalid-welcome",
      detail: "other-conversation",
    });
    expect(bob.user.conversations.get("cellar")?.state.phase).toBe("pending-join");

    for (const packet of missed) scene.network.inject(packet);
    await settle(scene);
    expect(bob.user.conversations.get("garden")?.state.phase).toBe("working");
  });
});

function isWiped({ secrets }: OwnKeyPackage): boolean {
  return [secrets.initPrivateKey, secrets.leafPrivateKey].every((key) => key.every((byte) => byte === 0));
}
