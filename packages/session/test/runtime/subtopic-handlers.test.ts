import { DemlsError, type Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { eventsOf, openScene, settle, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person;

beforeEach(async () => {
  ({ scene, alice } = await openScene("subtopics", "alice"));
});

describe("An application's subtopic", () => {
  const beacon: Packet = {
    payload: Uint8Array.of(1, 2, 3),
    subtopic: "beacon",
    conversationId: "garden",
    appId: new Uint8Array(16),
  };

  test("is rejected as unknown without a handler, and changes nothing", async () => {
    const garden = await alice.user.createConversation("garden");
    const before = garden.state;
    scene.network.inject(beacon);
    await settle(scene);
    expect(alice.inbound).toEqual([
      { packet: beacon, outcome: { kind: "rejected", reason: "unknown-subtopic" } },
    ]);
    expect(garden.state).toBe(before);
  });

  test("is delivered to its handler from every conversation of the user", async () => {
    const received: Packet[] = [];
    const end = alice.user.handleSubtopic("beacon", (packet) => received.push(packet));
    await alice.user.createConversation("garden");
    await alice.user.createConversation("cellar");
    scene.network.inject(beacon);
    scene.network.inject({ ...beacon, conversationId: "cellar" });
    scene.network.inject({ ...beacon, conversationId: "attic" });
    await settle(scene);
    expect(received.map(({ conversationId }) => conversationId)).toEqual(["garden", "cellar"]);
    expect(alice.inbound).toEqual([]);

    end();
    scene.network.inject(beacon);
    await settle(scene);
    expect(received).toHaveLength(2);
    expect(alice.inbound).toHaveLength(1);
  });

  test("has one handler, and the session's own subtopics have none; a removed handler can be replaced", () => {
    const end = alice.user.handleSubtopic("beacon", () => undefined);
    for (const subtopic of ["beacon", "welcome", "app_msg"]) {
      expect(() => alice.user.handleSubtopic(subtopic, () => undefined)).toThrow(
        expect.objectContaining({ code: "subtopic-taken", field: "subtopic", remedy: expect.any(String) }),
      );
    }
    end();
    const endSecond = alice.user.handleSubtopic("beacon", () => undefined);
    end();
    expect(() => alice.user.handleSubtopic("beacon", () => undefined)).toThrow(DemlsError);
    endSecond();
  });

  test("must be a non-empty string", () => {
    for (const name of ["", undefined, 7]) {
      expect(() => alice.user.handleSubtopic(name as string, () => undefined)).toThrow(
        expect.objectContaining({ code: "invalid-subtopic", field: "subtopic", remedy: expect.any(String) }),
      );
    }
  });

  test("cannot be handled once the user is closed", async () => {
    await alice.user.close();
    expect(() => alice.user.handleSubtopic("beacon", () => undefined)).toThrow(
      expect.objectContaining({ code: "closed", remedy: expect.any(String) }),
    );
  });

  test("whose handler throws emits an error event and affects neither transport nor conversation", async () => {
    const garden = await alice.user.createConversation("garden");
    alice.user.handleSubtopic("beacon", () => {
      throw new Error("key 0xdecaf");
    });
    scene.network.inject(beacon);
    await settle(scene);
    expect(eventsOf(alice, "error")).toEqual([
      expect.objectContaining({ operation: "subtopic", message: expect.not.stringContaining("decaf") }),
    ]);
    await expect(garden.send("still here")).resolves.toBeDefined();
  });

  test("whose handler rejects later emits an error event too", async () => {
    await alice.user.createConversation("garden");
    const failing = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error("key 0xdecaf");
    };
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what an application may do all the same
    alice.user.handleSubtopic("beacon", failing);
    scene.network.inject(beacon);
    await settle(scene);
    expect(eventsOf(alice, "error")).toMatchObject([{ operation: "subtopic" }]);
  });
});
