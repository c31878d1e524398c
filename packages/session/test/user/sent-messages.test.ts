import { APP_MSG_SUBTOPIC } from "@demls/wire/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  advance,
  eventsOf,
  expectMistake,
  gather,
  openScene,
  settle,
  textsOf,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;

beforeEach(async () => {
  ({ scene, alice, bob, carol } = await openScene("sending", "alice", "bob", "carol"));
});

/** A conversation of three users. */
const garden = () => gather(scene, "garden", alice, bob, carol);

describe("Sending", () => {
  test("resolves when the message is encrypted; published when the transport accepts it", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    const message = await atAlice.send("hello");
    const published = watch(message.published);
    await advance(scene, 60_000);
    expect(published.outcome).toBe("pending");
    expect(atAlice.state.pendingOutbound).toBeGreaterThan(0);
    expect(textsOf(bob)).toEqual([]);
  });

  test("accepts text and bytes, copies the bytes, and delivers both to all other members", async () => {
    const [atAlice] = await garden();
    const bytes = Uint8Array.of(0xff, 0x00, 0x41);
    const sending = atAlice.send(bytes);
    bytes.fill(7);
    await (
      await sending
    ).published;
    await (
      await atAlice.send("grüße")
    ).published;
    await settle(scene);
    for (const person of [bob, carol]) {
      expect(eventsOf(person, "message")).toMatchObject([
        { sender: alice.id, content: Uint8Array.of(0xff, 0x00, 0x41), text: undefined, epoch: 1n },
        { sender: alice.id, text: "grüße", epoch: 1n },
      ]);
    }
    expect(textsOf(alice)).toEqual([]);
  });

  test("has the id that the other members' events have", async () => {
    const [atAlice] = await garden();
    const sent = [await atAlice.send("one"), await atAlice.send("two")];
    await settle(scene);
    const ids = sent.map(({ id }) => id);
    for (const person of [bob, carol]) expect(eventsOf(person, "message").map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });

  test("keeps the call order although the first attempts fail", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "refusing";
    const texts = ["one", "two", "three", "four"];
    const sent = await Promise.all(texts.map((text) => atAlice.send(text)));
    await advance(scene, 300);
    expect(textsOf(bob)).toEqual([]);
    alice.transport.mood = "well";
    await advance(scene, 10_000);
    await Promise.all(sent.map(({ published }) => published));
    expect(textsOf(bob)).toEqual(texts);
    expect(textsOf(carol)).toEqual(texts);
  });

  test("passes each packet to the transport once, one at a time", async () => {
    const [atAlice] = await garden();
    const answers: (() => void)[] = [];
    const publish = vi
      .spyOn(alice.transport, "publish")
      .mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    for (const text of ["one", "two", "three"]) await atAlice.send(text);
    await settle(scene);
    expect(publish).toHaveBeenCalledTimes(1);
    for (const calls of [2, 3, 3]) {
      answers.at(-1)?.();
      await settle(scene);
      expect(publish).toHaveBeenCalledTimes(calls);
    }
    expect(atAlice.state.pendingOutbound).toBe(0);
  });

  test("is tried six times with doubling delays, and then dropped with an error", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "refusing";
    const earlier = alice.transport.attempts.length;
    const startMs = scene.clock.monotonicMs();
    const { published } = await atAlice.send("is this thing on?");
    const outcome = watch(published);
    await advance(scene, 7_749);
    expect(outcome.outcome).toBe("pending");
    expect(eventsOf(alice, "error")).toEqual([]);

    await advance(scene, 1);
    await expectMistake(published, "not-published");
    const waits = alice.transport.attempts
      .slice(earlier)
      .filter(({ packet }) => packet.subtopic === APP_MSG_SUBTOPIC)
      .map(({ atMs }) => atMs - startMs);
    expect(waits).toEqual([0, 250, 750, 1_750, 3_750, 7_750]);
    expect(eventsOf(alice, "error")).toMatchObject([
      { operation: "publish", message: expect.not.stringContaining("radio") },
    ]);
    expect(atAlice.state.pendingOutbound).toBe(0);

    alice.transport.mood = "well";
    await (
      await atAlice.send("now?")
    ).published;
    await settle(scene);
    expect(textsOf(bob)).toEqual(["now?"]);
  });

  test("survives a transport that throws synchronously", async () => {
    const [atAlice] = await garden();
    const publish = vi.spyOn(alice.transport, "publish").mockImplementationOnce(() => {
      throw new Error("synchronously");
    });
    const { published } = await atAlice.send("hello");
    await advance(scene, 250);
    await published;
    expect(publish).toHaveBeenCalledTimes(2);
    expect(textsOf(bob)).toEqual(["hello"]);
  });

  test("rejects if the conversation is closed before the message is published", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    const { published } = await atAlice.send("too late");
    await alice.user.close();
    await expectMistake(published, "conversation-ended");
  });
});

describe("A transport that never answers", () => {
  test("blocks no packet, vote or decision", async () => {
    const [atAlice, atBob] = await garden();
    alice.transport.mood = "stalled";
    await atAlice.send("stuck");
    await atBob.send("can you hear me?");
    const call = atBob.proposeRemove(carol.id);
    const id = await call.accepted;
    await settle(scene);
    expect(textsOf(alice)).toEqual(["can you hear me?"]);
    await atAlice.vote(id, true);
    await settle(scene);
    expect(eventsOf(alice, "voteCast")).toContainEqual(
      expect.objectContaining({ proposalId: id, voter: alice.id, vote: true }),
    );
    expect(eventsOf(alice, "proposalDecided")).toContainEqual(
      expect.objectContaining({ proposalId: id, result: "yes" }),
    );
  });

  test("does not block closing the user", async () => {
    const [atAlice] = await garden();
    alice.transport.mood = "stalled";
    await atAlice.send("stuck");
    await alice.user.close();
    expect(atAlice.state.pendingOutbound).toBe(1);
  });
});

describe("A packet", () => {
  test("is published once, although other steps run before the transport's answer", async () => {
    const [atAlice] = await garden();
    const publish = alice.transport.publish.bind(alice.transport);
    const published: Uint8Array[] = [];
    vi.spyOn(alice.transport, "publish").mockImplementation((packet) => {
      published.push(packet.payload);
      // Queued before the step that removes the packet from the outbox.
      void atAlice.admin.regenerateStewards();
      return publish(packet);
    });
    for (const text of ["one", "two", "three"]) await atAlice.send(text);
    await settle(scene);
    expect(published).toHaveLength(3);
    expect(new Set(published).size).toBe(3);
  });
});
