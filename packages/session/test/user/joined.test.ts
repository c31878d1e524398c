import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  advance,
  createScene,
  enter,
  settle,
  textsOf,
  until,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene;
let alice: Person;
let bob: Person;

beforeEach(async () => {
  scene = createScene("joined");
  [alice, bob] = [await enter(scene, "alice"), await enter(scene, "bob")];
});

afterEach(() => scene.close());

describe("Being in a conversation", () => {
  test("is so at once for its creator", async () => {
    const garden = await alice.user.createConversation("garden");
    await expect(garden.joined).resolves.toBeUndefined();
  });

  test("comes about for a joiner with the welcome, and from then on it can be read and written", async () => {
    await alice.user.createConversation("garden");
    const joining = await bob.user.joinConversation("garden");
    const joined = watch(joining.joined);
    await settle(scene);
    expect(joined.outcome).toBe("pending");
    const sent = joining.joined.then(() => joining.send("I am in"));
    await until(scene, () => joined.outcome !== "pending");
    await sent;
    await until(scene, () => textsOf(alice).length > 0);
    expect(joined.outcome).toBe("resolved");
    expect(textsOf(alice)).toEqual(["I am in"]);
  });

  test("stays so for one who has left since", async () => {
    const garden = await alice.user.createConversation("garden");
    await garden.leave().committed;
    await expect(garden.joined).resolves.toBeUndefined();
  });
});

describe("A join that does not come about is told of with the reason", () => {
  test("when nobody answered in time", async () => {
    const joining = await bob.user.joinConversation("garden");
    const joined = watch(joining.joined);
    await advance(scene, 3 * joining.state.config.commitInactivityMs);
    expect(joined.error).toMatchObject({ code: "conversation-ended", reason: "join-expired" });
  });

  test("when it was cancelled", async () => {
    const joining = await bob.user.joinConversation("garden");
    joining.leave();
    await expect(joining.joined).rejects.toMatchObject({
      code: "conversation-ended",
      reason: "join-cancelled",
    });
  });

  test("when the user was closed", async () => {
    const joining = await bob.user.joinConversation("garden");
    await bob.user.close();
    await expect(joining.joined).rejects.toMatchObject({ code: "conversation-ended", reason: "closed" });
  });

  // An unhandled rejection would fail the whole run.
  test("and hurts nobody who does not look", async () => {
    await bob.user.joinConversation("garden");
    await bob.user.close();
    await settle(scene);
    expect(bob.user.conversations.size).toBe(0);
  });
});
